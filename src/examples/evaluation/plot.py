"""What evaluate.py draws: how well each measure ranks, and how often answers of a confidence are right."""
SHOWN = ["sequence.msp_uncertainty", "sequence.log_perplexity", "mc_entropy.length_normalized", "semantic_entropy.rao_blackwell",
         "semantic_entropy.discrete", "semantic_classes.count", "spectral.eig_val_laplacian", "spectral.deg_mat", "spectral.eccentricity", "kle.kle",
         "lexical.uncertainty", "sentence_sar.sentence_sar", "consistency.similarity"]
LEFT, TOP, WIDTH, ROW = 230, 40, 300, 22
SQUARE, GAP = 200, 130
COLOURS = ["#2a7", "#c52", "#26c"]
STYLE = ("text{font:13px sans-serif;fill:#555}.g{stroke:#ccc;fill:none}" + "".join(f".c{i}{{fill:{c};stroke:{c}}}" for i, c in enumerate(COLOURS))
         + "polyline{fill:none!important;stroke-width:2}@media(prefers-color-scheme:dark){text{fill:#ccc}.g{stroke:#444}}")


def text(x, y, what, anchor="start"):
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{what}</text>'


def ranks(data):
    """A row a measure, a dot a set of questions."""
    names = [name for name in SHOWN if any(row["name"] == name for _, rows, _, _ in data for row in rows)]
    bottom = TOP + ROW * len(names)

    def x(auroc):
        return LEFT + WIDTH * (auroc - 0.4) / 0.6

    for mark in (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        yield f'<path class="g" d="M{x(mark):.0f} {TOP - 8}V{bottom}"/>' + text(x(mark), bottom + 18, mark, "middle")
    yield text(LEFT, TOP - 18, "AUROC: how often a wrong answer is the more uncertain")
    for number, name in enumerate(names):
        y = TOP + ROW * number + 8
        yield text(LEFT - 12, y + 4, name, "end")
        for i, (_, rows, _, _) in enumerate(data):
            for row in rows:
                if row["name"] == name:
                    yield f'<circle class="c{i}" cx="{x(max(0.4, row["auroc"])):.1f}" cy="{y}" r="5"><title>{row["auroc"]:.3f}</title></circle>'
    for i, (name, _, best, _) in enumerate(data):
        y = bottom + 44 + 18 * i
        yield f'<circle class="c{i}" cx="{LEFT}" cy="{y - 4}" r="5"/>' + text(LEFT + 12, y, f"{name} (confidence by {best})")


def reliability(data):
    """The share of right answers against the mean confidence of a bin."""
    left, top = LEFT + WIDTH + GAP, TOP
    yield f'<path class="g" d="M{left} {top}h{SQUARE}v{SQUARE}h-{SQUARE}zM{left} {top + SQUARE}l{SQUARE} -{SQUARE}"/>'
    yield text(left, top - 18, "share of right answers") + text(left + SQUARE, top + SQUARE + 18, "confidence", "end")
    for mark in (0, 1):
        yield text(left - 6, top + SQUARE * (1 - mark) + 4, mark, "end")
    for i, (_, _, _, bins) in enumerate(data):
        points = [(left + SQUARE * each["confidence"], top + SQUARE * (1 - each["accuracy"]), each["count"]) for each in bins]
        yield f'<polyline class="c{i}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)}"/>'
        for x, y, count in points:
            yield f'<circle class="c{i}" cx="{x:.1f}" cy="{y:.1f}" r="{2 + min(6, count / 10):.1f}"><title>{count} answers</title></circle>'


def plot(data):
    height = TOP + ROW * len(SHOWN) + 44 + 18 * len(data)
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + GAP + SQUARE + 20} {height}" role="img">',
                      "<title>How well each measure ranks, and how often answers of a confidence are right</title>", f"<style>{STYLE}</style>",
                      *ranks(data), *reliability(data), "</svg>\n"])
