package pictures;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/** Curves, bands and bars over two axes, as SVG that is readable in the light and in the dark. */
final class Plot {
  private static final double WIDTH = 430;
  private static final double HEIGHT = 250;
  private static final double LEFT = 52;
  private static final double TOP = 36;

  private static final String STYLE =
      "<style>text{font:14px sans-serif;fill:#555}path,line{fill:none;stroke-width:2}"
          + ".g{stroke:#ccc;stroke-width:1}.c0{stroke:#07a}.c1{stroke:#c52}.c2{stroke:#2a7}"
          + ".c3{stroke:#a4a}.n{stroke:#888;stroke-dasharray:5 4;stroke-width:1.5}"
          + ".b{fill:#07a;opacity:.25;stroke:none}.r{fill:#07a}"
          + "@media(prefers-color-scheme:dark){text{fill:#ccc}.g{stroke:#444}.c0{stroke:#5bf}"
          + ".c1{stroke:#f96}.c2{stroke:#5d9}.c3{stroke:#e8e}.n{stroke:#999}.b{fill:#5bf}"
          + ".r{fill:#5bf}}</style>";

  /** An axis: its name, the values that are marked, and how values are spread. */
  record Axis(String name, double[] marks, DoubleUnaryOperator spread) {
    static Axis linear(String name, double... marks) {
      return new Axis(name, marks, v -> v);
    }

    static Axis logarithmic(String name, double... marks) {
      return new Axis(name, marks, Math::log);
    }

    /** 0 at the first mark, 1 at the last. */
    double at(double value) {
      double first = spread.applyAsDouble(marks[0]);
      double last = spread.applyAsDouble(marks[marks.length - 1]);
      return (spread.applyAsDouble(value) - first) / (last - first);
    }
  }

  private final Axis across;
  private final Axis up;
  private final List<String> shapes = new ArrayList<>();
  private final String title;

  Plot(String title, Axis across, Axis up) {
    this.title = title;
    this.across = across;
    this.up = up;
  }

  private double x(double value) {
    return LEFT + WIDTH * across.at(value);
  }

  private double y(double value) {
    return TOP + HEIGHT * (1 - up.at(value));
  }

  /** A curve through points (x, y), with its name beside the end, {@code down} below it. */
  Plot curve(String style, String name, double[] xs, double[] ys, double down) {
    add("<path class=\"%s\" d=\"%s\"/>", style, path("M", xs, ys));
    double end = y(ys[ys.length - 1]) + 4 + down;
    add("<text x=\"%.1f\" y=\"%.1f\">%s</text>", x(xs[xs.length - 1]) + 8, end, name);
    return this;
  }

  /** What lies between two curves over the same xs. */
  Plot band(double[] xs, double[] low, double[] high) {
    var back = new StringBuilder();
    for (int i = xs.length - 1; i >= 0; i--) {
      back.append(String.format(Locale.ROOT, "L%.1f %.1f", x(xs[i]), y(high[i])));
    }
    add("<path class=\"b\" d=\"%s%sZ\"/>", path("M", xs, low), back);
    return this;
  }

  /** A level, with its name beside the right end, {@code down} below it. */
  Plot level(String name, double value, double down) {
    add(
        "<line class=\"n\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%3$.1f\" y2=\"%3$.1f\"/>",
        LEFT, LEFT + WIDTH, y(value));
    add("<text x=\"%.1f\" y=\"%.1f\">%s</text>", LEFT + WIDTH + 8, y(value) + 4 + down, name);
    return this;
  }

  /** A bar from the ground, {@code wide} units of the axis. */
  Plot bar(double at, double wide, double value) {
    add(
        "<rect class=\"r\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
        x(at - wide / 2), y(value), x(at + wide / 2) - x(at - wide / 2), TOP + HEIGHT - y(value));
    return this;
  }

  /** An upright line up to a height, with its name at the top. */
  Plot cut(String style, String name, double at, double high) {
    add(
        "<line class=\"%s\" x1=\"%2$.1f\" x2=\"%2$.1f\" y1=\"%3$.1f\" y2=\"%4$.1f\"/>",
        style, x(at), TOP + HEIGHT, y(high));
    add("<text x=\"%.1f\" y=\"%.1f\">%s</text>", x(at) + 6, y(high) + 10, name);
    return this;
  }

  private String path(String first, double[] xs, double[] ys) {
    var path = new StringBuilder();
    for (int i = 0; i < xs.length; i++) {
      path.append(
          String.format(Locale.ROOT, "%s%.1f %.1f", i == 0 ? first : "L", x(xs[i]), y(ys[i])));
    }
    return path.toString();
  }

  private void add(String format, Object... values) {
    shapes.add(String.format(Locale.ROOT, format, values));
  }

  private static String mark(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.valueOf(value);
  }

  String svg() {
    var svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" role=\"img\">%n"
                + "<title>%s</title>%n%s%n",
            LEFT + WIDTH + 150,
            TOP + HEIGHT + 56,
            title,
            STYLE));
    for (double value : up.marks()) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<line class=\"g\" x1=\"%.0f\" x2=\"%.0f\" y1=\"%3$.1f\" y2=\"%3$.1f\"/>"
                  + "<text x=\"%4$.0f\" y=\"%5$.1f\" text-anchor=\"end\">%6$s</text>%n",
              LEFT,
              LEFT + WIDTH,
              y(value),
              LEFT - 8,
              y(value) + 4,
              mark(value)));
    }
    for (double value : across.marks()) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%.0f\" text-anchor=\"middle\">%s</text>%n",
              x(value),
              TOP + HEIGHT + 20,
              mark(value)));
    }
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"middle\">%s</text>%n"
                + "<text x=\"8\" y=\"16\">%s</text>%n",
            LEFT + WIDTH / 2,
            TOP + HEIGHT + 44,
            across.name(),
            up.name()));
    shapes.forEach(shape -> svg.append(shape).append('\n'));
    return svg.append("</svg>\n").toString().replace("\r\n", "\n");
  }
}
