"""Products over many steps at once, which give the gradients of weights."""

#: Inner length of the products; long enough for the BLAS to run at full rate.
PRODUCT_COLUMNS = 1024


def add_products(out, left, right, workspace):
    """Add sum_t left[t] @ right[t].T to ``out`` (m, n), for left (steps, m, width) and right (steps, n, width).

    Steps are gathered side by side until the inner length is long enough for the BLAS; a product for each
    step would spend its time in calls.
    """
    steps, m, width = left.shape
    n = right.shape[1]
    chunk = max(1, PRODUCT_COLUMNS // width)
    product = workspace.array("product", (m, n), out.dtype)
    for first in range(0, steps, chunk):
        count = min(chunk, steps - first)
        a = workspace.array("product.left", (m, count, width), out.dtype)
        b = workspace.array("product.right", (n, count, width), out.dtype)
        a[...] = left[first : first + count].transpose(1, 0, 2)
        b[...] = right[first : first + count].transpose(1, 0, 2)
        a.reshape(m, -1).dot(b.reshape(n, -1).T, out=product)
        out += product
