"""The layers of a fitted network and how many parameters they have, as text and as HTML."""

from html import escape


class NetworkSummary:
    """A table of the layers of a network.

    ``str`` gives it as text; in a notebook it is shown as HTML.

    Attributes
    ----------
    name : str
        The class of the estimator.
    settings : dict
        The hyperparameters that say which network it is.
    table : dict of list
        By column "layer", "weights" (their names and shapes) and "parameters" (their number):
        ``pandas.DataFrame(summary.table)`` is a table of them.
    n_parameters : int
        Of all layers.
    dtype : str
        Of the parameters.
    """

    def __init__(self, name, settings, weights):
        self.name = name
        self.settings = settings
        layers = {}
        for key, array in weights.items():
            layer, _, weight = key.rpartition(".")
            layers.setdefault(layer, {})[weight] = array
        self.table = {
            "layer": list(layers),
            "weights": [_shapes(own) for own in layers.values()],
            "parameters": [sum(array.size for array in own.values()) for own in layers.values()],
        }
        self.n_parameters = sum(self.table["parameters"])
        self.dtype = str(next(iter(weights.values())).dtype)

    @property
    def _heading(self):
        settings = ", ".join(f"{name}={value!r}" for name, value in self.settings.items() if value is not None)
        return f"{self.name}: {self.n_parameters:,} parameters in {self.dtype} ({settings})"

    @property
    def _rows(self):
        return [(*row[:2], f"{row[2]:,}") for row in zip(*self.table.values())]

    def __repr__(self):
        rows = [tuple(self.table), *self._rows]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        lines = [
            f"{layer:<{widths[0]}}  {weights:<{widths[1]}}  {number:>{widths[2]}}" for layer, weights, number in rows
        ]
        return "\n".join([self._heading, "", *lines])

    def _repr_html_(self):
        cell = "<{0} style='text-align: {1}; padding: 0.2em 0.8em'>{2}</{0}>"
        lines = []
        for tag, rows in (("th", [tuple(self.table)]), ("td", self._rows)):
            for row in rows:
                sides = ("left", "left", "right")
                lines.append("".join(cell.format(tag, side, escape(text)) for side, text in zip(sides, row)))
        body = "".join(f"<tr>{line}</tr>" for line in lines)
        return (
            "<details style='font-size: smaller'>"
            f"<summary>{escape(self._heading)}</summary><table>{body}</table></details>"
        )


def _shapes(weights):
    return ", ".join(f"{name} {array.shape}" for name, array in weights.items())


class NetworkSummaryMixin:
    """Adds the summary of a fitted network below scikit-learn's diagram."""

    def _summary(self):
        """Return the :class:`NetworkSummary`."""
        return NetworkSummary(type(self).__name__, self._architecture, self.weights_)

    def _with_summary(self, diagram):
        return diagram + self._summary()._repr_html_() if hasattr(self, "weights_") else diagram

    @property
    def _repr_html_(self):
        draw = super()._repr_html_  # raises an AttributeError where diagrams are not wanted
        return lambda: self._with_summary(draw())

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        if "text/html" in bundle:
            bundle["text/html"] = self._with_summary(bundle["text/html"])
        return bundle
