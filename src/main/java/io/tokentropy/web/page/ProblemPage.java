package io.tokentropy.web.page;

import io.tokentropy.web.problem.ProblemKind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.web.util.HtmlUtils;

/** What people read of one problem: its meaning, a request that fails, and one that does not. */
final class ProblemPage {
  private static final Pattern POST = Pattern.compile("POST (\\S+) (\\{.*)");
  private static final Pattern GET = Pattern.compile("GET (\\S+)");

  private final ContractController contract;

  ProblemPage(ContractController contract) {
    this.contract = contract;
  }

  /** For shells, with lines that can be pasted. */
  String text(ProblemKind kind, String base) {
    return """
    %s (%d, %s)

    Meaning: %s
    Cause:   %s
    Fix:     %s
    Fails:   %s
    Works:   %s
    Guide:   %s/guide
    """
        .formatted(
            kind.title,
            kind.status,
            kind.code(),
            kind.meaning,
            kind.cause,
            kind.fix,
            shell(kind.wrong, base),
            shell(kind.right, base),
            base);
  }

  /** A request as a line for a shell; anything else as it stands. */
  private static String shell(String request, String base) {
    Matcher post = POST.matcher(request);
    if (post.matches()) {
      return "curl -s '%s%s' -H 'Content-Type: application/json' -d '%s'"
          .formatted(base, post.group(1), post.group(2));
    }
    Matcher get = GET.matcher(request);
    return get.matches() ? "curl -s -g '" + base + get.group(1) + "'" : request;
  }

  /** For browsers, with a link to try it. */
  String html(ProblemKind kind, String base) {
    var page =
        new StringBuilder(
            "<p class=\"lead\"><code>%s</code>, HTTP %d</p>".formatted(kind.code(), kind.status));
    section(page, "What it means", paragraph(kind.meaning));
    section(page, "Usual cause", paragraph(kind.cause));
    section(page, "What to do", paragraph(kind.fix));
    if (!kind.wrong.isEmpty()) {
      section(page, "This fails", code(kind.wrong));
      section(page, "This works", code(kind.right) + code(shell(kind.right, base)) + tryIt(kind));
    }
    return page.append(
            "<p><a href=\"/problems\">All problems</a> · <a href=\"/guide\">Guide</a></p>")
        .toString();
  }

  private String tryIt(ProblemKind kind) {
    Matcher get = GET.matcher(kind.right);
    Matcher post = POST.matcher(kind.right);
    String link =
        get.matches() ? get.group(1) : post.matches() ? contract.tryItAt(post.group(1)) : "/docs";
    return "<p><a href=\"%s\">Try it</a></p>".formatted(HtmlUtils.htmlEscape(link));
  }

  private static void section(StringBuilder page, String title, String body) {
    page.append("<h2>").append(title).append("</h2>").append(body);
  }

  private static String paragraph(String text) {
    return "<p>" + HtmlUtils.htmlEscape(text) + "</p>";
  }

  private static String code(String text) {
    return "<pre>" + HtmlUtils.htmlEscape(text) + "</pre>";
  }
}
