import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomNode;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Makes the site at {@code /guide} of the Markdown in the repository: a page of HTML beside its
 * source for each, the files that they link to, and the index of the search.
 *
 * <pre>java -cp COMMONMARK src/build/Guide.java target/classes/guide</pre>
 *
 * <p>Names are flat, so that the contract has one path: {@code src/docs/adr/0001-x.md} is {@code
 * adr-0001-x}, {@code src/examples/ead/README.md} is {@code examples-ead}. Headings have GitHub's
 * anchors, so that a link leads to the same place on both.
 */
class Guide {
  private static final Path DOCS = Path.of("src/docs");
  private static final Path INDEX = DOCS.resolve("README.md");
  private static final Path STYLE = Path.of("src/build/guide");

  private static final List<Extension> TABLES = List.of(TablesExtension.create());
  private static final Parser PARSER = Parser.builder().extensions(TABLES).build();

  /** A heading and what stands below it, up to the next one. */
  private record Section(String anchor, String heading, int level, String text) {}

  private record Page(
      Path source, String name, String title, Node document, List<Section> sections) {
    String address() {
      return name.isEmpty() ? "/guide" : "/guide/" + name;
    }
  }

  private final Map<Path, Page> pages = new LinkedHashMap<>();
  private final Map<Path, String> files = new TreeMap<>();
  private final Path target;

  private Guide(Path target) {
    this.target = target;
  }

  public static void main(String[] args) throws IOException {
    new Guide(Path.of(args[0])).make();
  }

  private void make() throws IOException {
    for (Path source : sources()) {
      pages.put(source, read(source));
    }
    String template = Files.readString(STYLE.resolve("page.html"));
    Map<String, List<Page>> groups = groups();
    List<Page> order = groups.values().stream().flatMap(List::stream).toList();
    Files.createDirectories(target);
    try (Stream<Path> old = Files.list(target)) {
      for (Path file : (Iterable<Path>) old::iterator) {
        Files.delete(file);
      }
    }
    for (Page page : pages.values()) {
      String html = template.replace("{title}", escape(page.title()));
      html = html.replace("{pages}", navigation(groups, page));
      html = html.replace("{around}", around(order, page));
      // Last, as a page may speak of the marks of the template.
      html = html.replace("{body}", body(page, groups));
      String name = page.name().isEmpty() ? "index" : page.name();
      Files.writeString(target.resolve(name + ".html"), html);
      Files.copy(page.source(), target.resolve(name + ".md"));
    }
    for (Map.Entry<Path, String> file : files.entrySet()) {
      Files.copy(file.getKey(), target.resolve(file.getValue()));
    }
    for (String file : List.of("guide.css", "guide.js")) {
      Files.copy(STYLE.resolve(file), target.resolve(file));
    }
    Files.writeString(target.resolve("search.json"), index());
    try (Stream<Path> made = Files.list(target)) {
      String names = made.map(p -> p.getFileName() + "\n").sorted().collect(Collectors.joining());
      Files.writeString(target.resolve("files.txt"), names);
    }
  }

  /** Every page of the docs, the READMEs of the examples and that of the chart. */
  private static List<Path> sources() throws IOException {
    var sources = new ArrayList<Path>();
    try (Stream<Path> docs = Files.walk(DOCS);
        Stream<Path> examples = Files.walk(Path.of("src/examples"))) {
      docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(sources::add);
      examples.filter(file -> file.endsWith("README.md")).sorted().forEach(sources::add);
    }
    sources.add(Path.of("helm/tokentropy/README.md"));
    return sources;
  }

  /** A file's name on the site, without folders. */
  private static String name(Path file) {
    String name = file.toString().replace('\\', '/');
    name = name.replaceFirst("^src/docs/", "").replaceFirst("^src/", "");
    if (name.endsWith(".md")) {
      name = name.replaceFirst("/?README\\.md$|\\.md$", "").toLowerCase(Locale.ROOT);
    }
    return name.replace('/', '-');
  }

  private Page read(Path source) throws IOException {
    Node document = PARSER.parse(Files.readString(source));
    var sections = new ArrayList<Section>();
    var used = new HashMap<String, Integer>();
    Heading heading = null;
    var text = new StringBuilder();
    for (Node node = document.getFirstChild(); ; node = node.getNext()) {
      if (node == null || node instanceof Heading) {
        if (heading != null) {
          String said = plain(heading);
          String anchor = anchor(said, used);
          sections.add(new Section(anchor, said, heading.getLevel(), text.toString().strip()));
        }
        if (node == null) {
          break;
        }
        heading = (Heading) node;
        text.setLength(0);
      } else {
        text.append(plain(node)).append(' ');
      }
    }
    return new Page(source, name(source), sections.getFirst().heading(), document, sections);
  }

  /** GitHub's anchor of a heading. */
  private static String anchor(String heading, Map<String, Integer> used) {
    String anchor =
        heading
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^\\p{L}\\p{M}\\p{N}\\p{Pc} -]", "")
            .replace(' ', '-');
    int before = used.merge(anchor, 1, Integer::sum) - 1;
    return before == 0 ? anchor : anchor + "-" + before;
  }

  /** The words of a part of a page, code included. */
  private static String plain(Node node) {
    var text = new StringBuilder();
    node.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text part) {
            text.append(part.getLiteral());
          }

          @Override
          public void visit(Code part) {
            text.append(part.getLiteral());
          }

          @Override
          public void visit(SoftLineBreak part) {
            text.append(' ');
          }

          @Override
          public void visit(FencedCodeBlock part) {
            text.append(part.getLiteral());
          }

          @Override
          public void visit(Paragraph part) {
            visitChildren(part);
            text.append(' ');
          }

          /** Cells of tables, too. */
          @Override
          public void visit(CustomNode part) {
            visitChildren(part);
            text.append(' ');
          }
        });
    return text.toString();
  }

  /**
   * The pages by the headings of the index that names them, in its order; what it does not name
   * stands by its folder.
   */
  private Map<String, List<Page>> groups() {
    var groups = new LinkedHashMap<String, List<Page>>();
    Page index = pages.get(INDEX);
    Set<Page> named = new LinkedHashSet<>(List.of(index));
    groups.put("", new ArrayList<>(List.of(index)));
    String group = "";
    for (Node node = index.document().getFirstChild(); node != null; node = node.getNext()) {
      if (node instanceof Heading heading && heading.getLevel() == 2) {
        group = plain(heading);
      }
      for (Page page : group.isEmpty() ? List.<Page>of() : linked(index, node)) {
        if (named.add(page)) {
          groups.computeIfAbsent(group, name -> new ArrayList<>()).add(page);
        }
      }
    }
    pages.values().stream()
        .filter(page -> !named.contains(page))
        .sorted(Comparator.comparing(Page::name))
        .forEach(
            page -> {
              String folder =
                  page.name().startsWith("adr-")
                      ? "Decisions"
                      : page.name().startsWith("examples-") ? "Examples" : "More";
              groups.computeIfAbsent(folder, name -> new ArrayList<>()).add(page);
            });
    return groups;
  }

  private List<Page> linked(Page from, Node node) {
    var linked = new ArrayList<Page>();
    node.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Link link) {
            Page page = pages.get(file(from, link.getDestination()));
            if (page != null) {
              linked.add(page);
            }
          }
        });
    return linked;
  }

  /** What a relative link names, without its anchor; the page itself for an anchor alone. */
  private static Path file(Page from, String link) {
    String path = link.replaceFirst("#.*", "");
    return path.isEmpty() ? from.source() : from.source().resolveSibling(path).normalize();
  }

  /** Where a link leads on the site. What is no page is served as it stands, if it is a file. */
  private String address(Page from, String link) {
    if (link.matches("[a-z]+:.*|/.*")) {
      return link;
    }
    String anchor = link.contains("#") ? link.substring(link.indexOf('#')) : "";
    Path file = file(from, link);
    Page page = pages.get(file);
    if (page != null) {
      return page.address() + anchor;
    }
    if (file.equals(Path.of("openapi/tokentropy.yaml"))) {
      return "/openapi.yaml";
    }
    if (!Files.isRegularFile(file)) {
      throw new IllegalStateException(from.source() + " links to " + link + ", which is no file");
    }
    return "/guide/" + files.computeIfAbsent(file, Guide::name);
  }

  private String body(Page page, Map<String, List<Page>> groups) {
    page.document()
        .accept(
            new AbstractVisitor() {
              @Override
              public void visit(Link link) {
                link.setDestination(address(page, link.getDestination()));
                visitChildren(link);
              }

              @Override
              public void visit(Image image) {
                image.setDestination(address(page, image.getDestination()));
              }
            });
    var anchors = page.sections().stream().map(Section::anchor).iterator();
    HtmlRenderer renderer =
        HtmlRenderer.builder()
            .extensions(TABLES)
            .attributeProviderFactory(
                context ->
                    (node, tag, attributes) -> {
                      if (node instanceof Heading && node.getParent() == page.document()) {
                        attributes.put("id", anchors.next());
                      }
                    })
            .build();
    String html = renderer.render(page.document());
    // What may be scrolled can be reached by keyboard; a corner without a word is no heading.
    html = html.replace("<pre>", "<pre tabindex=\"0\">");
    html = html.replace("<table>", "<div class=\"wide\" tabindex=\"0\"><table>");
    html = html.replace("</table>", "</table></div>");
    html = html.replace("<th></th>", "<td></td>");
    return page.source().equals(INDEX) ? html + unnamed(groups) : html;
  }

  /** The groups that the index does not make itself. */
  private String unnamed(Map<String, List<Page>> groups) {
    var html = new StringBuilder();
    for (String group : List.of("Examples", "Decisions", "More")) {
      if (groups.containsKey(group)) {
        html.append("<h2>").append(group).append("</h2>\n");
        html.append(list(groups.get(group), null));
      }
    }
    return html.toString();
  }

  private static String navigation(Map<String, List<Page>> groups, Page here) {
    var html = new StringBuilder();
    groups.forEach(
        (group, pages) -> {
          if (!group.isEmpty()) {
            html.append("<h2>").append(escape(group)).append("</h2>\n");
          }
          html.append(list(pages, here));
        });
    return html.toString();
  }

  /** Links to pages; below the one that is shown, to its parts. */
  private static String list(List<Page> pages, Page here) {
    var html = new StringBuilder("<ul>\n");
    for (Page page : pages) {
      String mark = page == here ? " aria-current=\"page\"" : "";
      html.append(
          "<li><a href=\"%s\"%s>%s</a>".formatted(page.address(), mark, escape(page.title())));
      List<Section> parts =
          page.sections().stream().filter(section -> section.level() == 2).toList();
      if (page == here && !parts.isEmpty()) {
        html.append("<ul>");
        for (Section part : parts) {
          html.append(
              "<li><a href=\"#%s\">%s</a></li>".formatted(part.anchor(), escape(part.heading())));
        }
        html.append("</ul>");
      }
      html.append("</li>\n");
    }
    return html.append("</ul>\n").toString();
  }

  /** The page before this one and the one after it. */
  private static String around(List<Page> order, Page page) {
    int at = order.indexOf(page);
    var html = new StringBuilder();
    if (at > 0) {
      Page before = order.get(at - 1);
      html.append(
          "<a rel=\"prev\" href=\"%s\">← %s</a>"
              .formatted(before.address(), escape(before.title())));
    }
    if (at + 1 < order.size()) {
      Page next = order.get(at + 1);
      html.append(
          "<a rel=\"next\" href=\"%s\">%s →</a>".formatted(next.address(), escape(next.title())));
    }
    return html.toString();
  }

  /** One entry for each section: its address, the page, the heading, the text. */
  private String index() {
    var entries = new ArrayList<String>();
    for (Page page : pages.values()) {
      for (Section section : page.sections()) {
        String address =
            section.level() == 1 ? page.address() : page.address() + "#" + section.anchor();
        entries.add(
            Stream.of(address, page.title(), section.heading(), section.text())
                .map(Guide::quote)
                .collect(Collectors.joining(",", "[", "]")));
      }
    }
    return entries.stream().collect(Collectors.joining(",\n", "[", "]\n"));
  }

  private static String quote(String text) {
    String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"");
    return '"' + escaped.replaceAll("\\s+", " ") + '"';
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
