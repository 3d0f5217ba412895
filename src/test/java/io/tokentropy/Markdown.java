package io.tokentropy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The pages that people read: README, the docs, the READMEs of the examples and that of the chart.
 *
 * @param file below the repository
 * @param text the whole page
 */
public record Markdown(Path file, String text) {
  private static final Pattern BLOCK =
      Pattern.compile("(?ms)(?:^<!-- ([^\n]*) -->\n)?^```(\\w*)\n(.*?)^```$");

  private static final Pattern LINK = Pattern.compile("(!?)\\[[^\\]]*]\\(([^)\\s]+)\\)");

  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");

  /**
   * A block of code.
   *
   * @param mark the comment above it, or nothing
   * @param language what stands behind its first fence
   * @param follows whether nothing stands between it and the block before
   */
  public record Block(String mark, String language, String text, boolean follows) {
    /** Why it is not run, or nothing if it is. */
    public String notRun() {
      return mark.startsWith("not run: ") ? mark.substring("not run: ".length()) : "";
    }
  }

  /** A link or a picture, relative to its page or elsewhere. */
  public record Link(boolean picture, String target) {
    public boolean isHere() {
      return !target.matches("[a-z]+:.*");
    }
  }

  public static List<Markdown> pages() throws IOException {
    var files =
        new ArrayList<>(List.of(Path.of("README.md"), Path.of("helm/tokentropy/README.md")));
    for (String folder : List.of("src/docs", "src/examples")) {
      try (Stream<Path> docs = Files.walk(Path.of(folder))) {
        docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
      }
    }
    var pages = new ArrayList<Markdown>();
    for (Path file : files) {
      pages.add(new Markdown(file, Files.readString(file)));
    }
    return pages;
  }

  public List<Block> blocks() {
    var blocks = new ArrayList<Block>();
    int end = 0;
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      String mark = block.group(1) == null ? "" : block.group(1);
      boolean follows = !blocks.isEmpty() && text.substring(end, block.start()).isBlank();
      blocks.add(new Block(mark, block.group(2), block.group(3), follows));
      end = block.end();
    }
    return blocks;
  }

  private String withoutCode() {
    return text.replaceAll("(?ms)^```.*?^```$", "").replaceAll("`[^`\n]*`", "");
  }

  public List<Link> links() {
    return LINK.matcher(withoutCode())
        .results()
        .map(link -> new Link(!link.group(1).isEmpty(), link.group(2)))
        .toList();
  }

  /** The anchors that GitHub gives its headings. */
  public TreeSet<String> anchors() {
    var used = new HashMap<String, Integer>();
    var anchors = new TreeSet<String>();
    HEADING
        .matcher(text.replaceAll("(?ms)^```.*?^```$", ""))
        .results()
        .forEach(
            heading -> {
              String anchor =
                  heading
                      .group(1)
                      .replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1")
                      .toLowerCase(Locale.ROOT)
                      .replaceAll("[^\\p{L}\\p{M}\\p{N}\\p{Pc} -]", "")
                      .replace(' ', '-');
              int before = used.merge(anchor, 1, Integer::sum) - 1;
              anchors.add(before == 0 ? anchor : anchor + "-" + before);
            });
    return anchors;
  }
}
