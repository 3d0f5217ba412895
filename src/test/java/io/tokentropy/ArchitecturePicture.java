package io.tokentropy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Draws a table of rooms as SVG: a room stands above all that it may import, and an arrow that
 * follows from others is left out.
 */
final class ArchitecturePicture {
  private static final int LEAST_WIDTH = 1160;
  private static final int LEAST_GAP = 10;
  private static final int BOX = 34;
  private static final int STEP = 78;

  private final Map<String, Set<String>> table;
  private final Map<String, Integer> levels = new TreeMap<>();
  private final double width;

  private ArchitecturePicture(Map<String, Set<String>> table) {
    this.table = new TreeMap<>(table);
    this.table.keySet().forEach(this::level);
    var widths = new TreeMap<Integer, Double>();
    levels.forEach((room, level) -> widths.merge(level, width(room) + LEAST_GAP, Double::sum));
    width =
        Math.max(
            LEAST_WIDTH,
            Math.ceil(LEAST_GAP + widths.values().stream().max(Double::compare).orElse(0.0)));
  }

  static String of(Map<String, Set<String>> table) {
    return new ArchitecturePicture(table).draw();
  }

  private int level(String room) {
    Integer known = levels.get(room);
    if (known != null) {
      return known;
    }
    int level = table.get(room).stream().mapToInt(this::level).max().orElse(-1) + 1;
    levels.put(room, level);
    return level;
  }

  private Set<String> reachable(String room) {
    var all = new TreeSet<String>();
    for (String next : table.get(room)) {
      all.add(next);
      all.addAll(reachable(next));
    }
    return all;
  }

  /** The arrows of a room that do not follow from its others. */
  private List<String> arrows(String room) {
    var implied = new TreeSet<String>();
    table.get(room).forEach(next -> implied.addAll(reachable(next)));
    return table.get(room).stream().filter(next -> !implied.contains(next)).sorted().toList();
  }

  private record Place(double x, double y, double width) {}

  private Map<String, Place> places() {
    int top = levels.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    var places = new TreeMap<String, Place>();
    for (int level = 0; level <= top; level++) {
      int row = level;
      var rooms =
          new ArrayList<>(table.keySet().stream().filter(r -> levels.get(r) == row).toList());
      rooms.sort(Comparator.comparingDouble(room -> middle(room, places)));
      double widths = rooms.stream().mapToDouble(ArchitecturePicture::width).sum();
      double gap = (width - widths) / (rooms.size() + 1);
      double x = gap;
      for (String room : rooms) {
        places.put(room, new Place(x, 20 + (top - level) * STEP, width(room)));
        x += width(room) + gap;
      }
    }
    return places;
  }

  /** Where the rooms below it stand, on average, so that arrows cross less. */
  private double middle(String room, Map<String, Place> below) {
    return arrows(room).stream()
        .mapToDouble(next -> below.get(next).x() + below.get(next).width() / 2)
        .average()
        .orElse(0);
  }

  private static double width(String room) {
    return 18 + 7.4 * room.length();
  }

  private String draw() {
    Map<String, Place> places = places();
    double height = 20 + places.values().stream().mapToDouble(Place::y).max().orElse(0) + BOX;
    var svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" role=\"img\">%n"
            .formatted(width, height));
    svg.append("<title>The rooms of Tokentropy and who may import whom</title>\n");
    svg.append(
        "<style>rect{fill:#f4f1ea;stroke:#6b6558}text{font:13px monospace;fill:#222;"
            + "text-anchor:middle}line{stroke:#9a9385}"
            + "@media(prefers-color-scheme:dark){rect{fill:#2a2822;stroke:#a49d8d}"
            + "text{fill:#eee}line{stroke:#7d776a}}</style>\n");
    places.forEach(
        (room, from) ->
            arrows(room)
                .forEach(
                    next -> {
                      Place to = places.get(next);
                      svg.append(
                          String.format(
                              Locale.ROOT,
                              "<line x1=\"%.0f\" y1=\"%.0f\" x2=\"%.0f\" y2=\"%.0f\"/>%n",
                              from.x() + from.width() / 2,
                              from.y() + BOX,
                              to.x() + to.width() / 2,
                              to.y()));
                    }));
    places.forEach(
        (room, place) ->
            svg.append(
                String.format(
                    Locale.ROOT,
                    "<rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%d\" rx=\"5\"/>"
                        + "<text x=\"%.0f\" y=\"%.0f\">%s</text>%n",
                    place.x(),
                    place.y(),
                    place.width(),
                    BOX,
                    place.x() + place.width() / 2,
                    place.y() + 22,
                    room)));
    return svg.append("</svg>\n").toString().replace("\r\n", "\n");
  }
}
