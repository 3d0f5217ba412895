package ngram;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Uncertainty against the size of the text, both by their logarithms, as SVG. */
final class DisagreementPlot {
  private static final double WIDTH = 560;
  private static final double HEIGHT = 300;
  private static final double LEFT = 60;
  private static final double TOP = 20;
  private static final double[] MARKS = {0.1, 0.2, 0.5, 1, 2, 5, 10};

  private final List<DisagreeModels.Point> points;
  private final StringBuilder svg = new StringBuilder();

  private DisagreementPlot(List<DisagreeModels.Point> points) {
    this.points = points;
  }

  static String of(List<DisagreeModels.Point> points) {
    return new DisagreementPlot(points).draw();
  }

  private double x(double verses) {
    double first = Math.log(points.getFirst().verses());
    double last = Math.log(points.getLast().verses());
    return LEFT + WIDTH * (Math.log(verses) - first) / (last - first);
  }

  private static double y(double nats) {
    double low = Math.log(MARKS[0]);
    double high = Math.log(MARKS[MARKS.length - 1]);
    return TOP + HEIGHT * (high - Math.log(nats)) / (high - low);
  }

  private String draw() {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" role=\"img\">",
        LEFT + WIDTH + 100, TOP + HEIGHT + 50);
    add("<title>Total, aleatoric and epistemic uncertainty against the size of the text</title>");
    add(
        "<style>text{font:13px sans-serif;fill:#555}path{fill:none;stroke-width:2}"
            + ".g{stroke:#ccc;stroke-width:1}.t{stroke:#555}.a{stroke:#2a7}.e{stroke:#c52}"
            + ".f{stroke:#c52;stroke-dasharray:5 4;stroke-width:1}"
            + "@media(prefers-color-scheme:dark){text{fill:#ccc}.g{stroke:#444}.t{stroke:#ccc}}"
            + "</style>");
    for (double mark : MARKS) {
      add("<path class=\"g\" d=\"M%.0f %.1fH%.0f\"/>", LEFT, y(mark), LEFT + WIDTH);
      add("<text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 8, y(mark) + 4, mark);
    }
    for (DisagreeModels.Point point : points) {
      add(
          "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"middle\">%d</text>",
          x(point.verses()), TOP + HEIGHT + 20, point.verses());
    }
    add(
        "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"middle\">verses that each model saw;"
            + " nats</text>",
        LEFT + WIDTH / 2, TOP + HEIGHT + 42);
    line("t", "total", -8, DisagreeModels.Point::total);
    line("a", "aleatoric", 10, DisagreeModels.Point::aleatoric);
    line("e", "epistemic", 4, DisagreeModels.Point::epistemic);
    DisagreeModels.PowerLaw law = DisagreeModels.PowerLaw.of(points);
    path("f", point -> law.factor() * Math.pow(point.verses(), law.exponent()));
    return svg.append("</svg>\n").toString();
  }

  private void line(
      String style, String name, double down, ToDoubleFunction<DisagreeModels.Point> value) {
    path(style, value);
    double end = y(value.applyAsDouble(points.getLast())) + down;
    add("<text x=\"%.0f\" y=\"%.1f\">%s</text>", LEFT + WIDTH + 8, end, name);
  }

  private void path(String style, ToDoubleFunction<DisagreeModels.Point> value) {
    var path = new StringBuilder();
    for (DisagreeModels.Point point : points) {
      path.append(
          String.format(
              Locale.ROOT,
              "%s%.1f %.1f",
              path.isEmpty() ? "M" : "L",
              x(point.verses()),
              y(value.applyAsDouble(point))));
    }
    add("<path class=\"%s\" d=\"%s\"/>", style, path);
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
