"""What memories of gates do for a language model of long texts.

    python benchmarks/memories.py

Pieces of 600 characters of the help texts that come with Python: 160 to learn from, 40 to be predicted character by
character. Prints the perplexity on the latter after 8 epochs, over three seeds. Takes about two minutes.
"""

from pydoc_data.topics import topics

import numpy as np

from skseq import RNNGenerator

STEPS, PIECES, HELD_OUT = 600, 200, 40


def pieces():
    """Return the pieces, and the characters there are."""
    text = " ".join(topics[name] for name in sorted(topics))
    return [text[k * STEPS : (k + 1) * STEPS] for k in range(PIECES)], set(text[: PIECES * STEPS])


def main():
    """Print one line for each setting of memory_steps."""
    texts, characters = pieces()
    train, held = texts[:-HELD_OUT], texts[-HELD_OUT:]
    for memory_steps in (None, 20, "mean"):
        found = []
        for seed in range(3):
            model = RNNGenerator(
                memory_steps=memory_steps,
                vocabulary=characters,
                batch_size=20,
                bptt_steps=100,
                max_iter=8,
                random_state=seed,
            )
            found.append(model.fit(train).perplexity(held))
        print(f"memory_steps={memory_steps!r:7} perplexity {np.mean(found):.2f} ({min(found):.2f} to {max(found):.2f})")


if __name__ == "__main__":
    main()
