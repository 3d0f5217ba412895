package io.tokentropy.web.operation;

import io.tokentropy.web.exchange.Exchange;
import io.tokentropy.web.problem.Problem;
import io.tokentropy.web.problem.ProblemKind;
import io.tokentropy.web.wire.Protocol;
import io.tokentropy.web.wire.Wire;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ContinueResponseTiming;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** What the server says where it does not come as far as the application. */
@Component
class Tomcat implements WebServerFactoryCustomizer<TomcatWebServerFactory> {
  /** Threads that may be held beside those of the calls: some for each, and as many free. */
  private static final int SPARE = 2 * (Wire.HELD + FewFilter.PLACES);

  private final int calls;

  Tomcat(@Value("${tokentropy.admission.max-calls:320}") int calls) {
    this.calls = calls;
  }

  @Override
  public void customize(TomcatWebServerFactory factory) {
    factory.setProtocol(Protocol.class.getName());
    factory.addContextCustomizers(
        context -> context.getParent().getPipeline().addValve(new Unreadable()));
    factory.addConnectorCustomizers(
        connector -> {
          if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
            http.setContinueResponseTiming(ContinueResponseTiming.ON_REQUEST_BODY_READ.toString());
            http.setMaxThreads(Math.max(http.getMaxThreads(), calls + SPARE));
          }
        });
  }

  /** A request that is no HTTP gets a problem too, and nothing of what the server is. */
  private static final class Unreadable extends ErrorReportValve {
    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
      Wire wire = Wire.begin(request, response);
      super.invoke(request, response);
      wire.end();
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable cause) {
      int status = response.getStatus();
      boolean open =
          status >= HttpServletResponse.SC_BAD_REQUEST && response.getContentWritten() == 0;
      if (!open || !response.setErrorReported()) {
        return;
      }
      String id = Exchange.newId();
      ProblemKind kind = ProblemKind.of(status);
      try {
        response.setStatus(kind.status);
        response.setHeader("X-Request-Id", id);
        Exchange.protect(response);
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        byte[] body = Problem.of(kind, kind.meaning).toBytes(id);
        response.getReporter().write(new String(body, StandardCharsets.UTF_8));
        response.finishResponse();
      } catch (IOException e) {
        container.getLogger().debug("the answer could not be sent", e);
      }
    }
  }
}
