"""When a second thread pays."""

from skseq._threads import PARTS

#: Multiplications of a step's product, over the rows of one thread, from which that thread pays in prediction.
#: Below, threads mostly wait for the interpreter, which lets only one of them begin its next call.
PREDICTION_PAYS = 2_400_000

#: The same in training, whose steps have three products in twice the calls.
TRAINING_PAYS = 1_200_000


def parts_for(multiplications, pays):
    """Return the number of parts in which to compute steps of so many multiplications.

    It does not depend on how many threads there are, so that the results, whose sums run over parts, do not either.
    """
    return PARTS if multiplications >= PARTS * pays else 1
