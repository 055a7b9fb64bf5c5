"""What may come next, as a ranked table."""

from html import escape

import numpy as np

#: What stands for the end of a sequence, which is no token.
END_SIGN = "(end)"

#: Characters of the longest bar.
BAR = 20


class NextTokens:
    """The most probable next tokens, ranked.

    ``print`` shows them as text, notebooks as a table with bars.

    Parameters
    ----------
    prompt : str
        What they follow.
    tokens : list
        Of str or int, None for the end of the sequence; the most probable first.
    probabilities : ndarray of shape (n,)
    n_others : int
        Tokens that the table leaves out.
    """

    def __init__(self, prompt, tokens, probabilities, n_others):
        self.prompt = prompt
        self.tokens = tokens
        self.probabilities = probabilities
        self.n_others = n_others

    def __len__(self):
        return len(self.tokens)

    def __iter__(self):
        """Yield (token, probability), the most probable first."""
        return iter(zip(self.tokens, self.probabilities.tolist()))

    def __array__(self, dtype=None, copy=None):
        """Return the probabilities."""
        return np.array(self.probabilities, dtype=dtype, copy=copy)

    def __repr__(self):
        return str(self)

    def __str__(self):
        rows = self._rows()
        width = max(len(name) for name, _ in rows)
        bars = self._bars([probability for _, probability in rows])
        lines = [f"{name:{width}}  {100 * p:5.1f} %  {bar}".rstrip() for (name, p), bar in zip(rows, bars)]
        return "\n".join([f"{self.prompt} ___".lstrip(), *lines])

    def _rows(self):
        """Return (name, probability) of each token, and of all others together."""
        rows = [(_shown(token), float(probability)) for token, probability in self]
        if self.n_others:
            rows.append((f"({self.n_others} others)", max(0.0, 1 - float(self.probabilities.sum()))))
        return rows

    def _bars(self, probabilities):
        longest = max(probabilities)
        return ["#" * round(BAR * probability / longest) for probability in probabilities]

    def _repr_html_(self):
        """Return the table as HTML, a bar behind each probability."""
        lines = [f"<tr><th colspan=2>{escape(self.prompt)} ___</th></tr>"]
        for name, probability in self._rows():
            share = f"{100 * probability:.1f}%"
            # A translucent bar, so that the text can be read on a dark page too.
            bar = f"background: linear-gradient(to right, rgba(0, 114, 178, 0.4) {share}, transparent {share})"
            lines.append(f'<tr><td>{escape(name)}</td><td style="min-width: 12em; {bar}">{share}</td></tr>')
        return f'<table class="skseq-next-tokens">{"".join(lines)}</table>'


def _shown(token):
    """Return how a token is shown; one that cannot be seen with quotation marks."""
    if token is None:
        return END_SIGN
    text = str(token)
    plain = text.isprintable() and text == text.strip() != "" and text != END_SIGN
    return text if plain else repr(text)
