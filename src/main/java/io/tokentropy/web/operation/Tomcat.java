package io.tokentropy.web.operation;

import io.tokentropy.web.exchange.Exchange;
import io.tokentropy.web.exchange.Leftovers;
import io.tokentropy.web.problem.Problem;
import io.tokentropy.web.problem.ProblemKind;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.apache.coyote.ContinueResponseTiming;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** What the server says where it does not come as far as the application. */
@Component
class Tomcat implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {
  @Override
  public void customize(ConfigurableTomcatWebServerFactory factory) {
    factory.addContextCustomizers(
        context -> context.getParent().getPipeline().addValve(new Unreadable()));
    factory.addConnectorCustomizers(
        connector -> {
          if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
            http.setContinueResponseTiming(ContinueResponseTiming.ON_REQUEST_BODY_READ.toString());
          }
        });
  }

  /** A request that is no HTTP gets a problem too, and nothing of what the server is. */
  private static final class Unreadable extends ErrorReportValve {
    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
      Leftovers.connection(request, request.getCoyoteRequest());
      super.invoke(request, response);
      if (Leftovers.isAbandoned(request)) {
        Leftovers.hearOut(request);
        request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
      }
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
