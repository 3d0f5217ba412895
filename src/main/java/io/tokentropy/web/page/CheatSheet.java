package io.tokentropy.web.page;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.web.util.HtmlUtils;

/**
 * The start page, written once: text for curl, and for browsers the same lines as headings,
 * commands and tables of calls.
 */
final class CheatSheet {
  /** A call in a list; those by GET are links. */
  private static final Pattern CALL = Pattern.compile("  (GET|POST) +(\\S+) +(.+)");

  private final String sheet;

  /**
   * @param sheet blocks of lines, a blank line between them; a first line that ends in a colon is a
   *     heading, and {@code {base}} stands for the address of the service
   */
  CheatSheet(String sheet) {
    this.sheet = sheet;
  }

  String text(String base) {
    return sheet.replace("{base}", base);
  }

  String html(String base) {
    var html = new StringBuilder();
    for (String block : HtmlUtils.htmlEscape(text(base)).split("\n\n", -1)) {
      List<String> lines = block.lines().toList();
      if (lines.getFirst().endsWith(":")) {
        String heading = lines.getFirst().substring(0, lines.getFirst().length() - 1);
        html.append("<h2>").append(heading).append("</h2>");
        lines = lines.subList(1, lines.size());
      }
      if (lines.stream().allMatch(line -> CALL.matcher(line).matches())) {
        html.append("<table>");
        lines.forEach(line -> html.append(row(line)));
        html.append("</table>");
      } else if (lines.getFirst().startsWith("Tokentropy:")) {
        html.append("<p class=\"lead\">").append(String.join(" ", lines));
        html.append(" <a href=\"/docs\">Try it in the browser</a>, or in a shell:</p>");
      } else {
        html.append("<pre>").append(String.join("\n", lines).stripIndent()).append("</pre>");
      }
    }
    return html.toString();
  }

  private static String row(String line) {
    Matcher call = CALL.matcher(line);
    call.matches();
    String path = call.group(2);
    if (call.group(1).equals("GET")) {
      path = "<a href=\"%s\">%s</a>".formatted(path, path);
    }
    return "<tr><td><code>%s %s</code></td><td>%s</td></tr>"
        .formatted(call.group(1), path, call.group(3));
  }
}
