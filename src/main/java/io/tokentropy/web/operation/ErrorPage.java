package io.tokentropy.web.operation;

import io.tokentropy.web.exchange.Exchange;
import io.tokentropy.web.problem.Problem;
import io.tokentropy.web.problem.ProblemKind;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** What the server refuses before a controller sees it is a problem like any other. */
@Controller
class ErrorPage implements ErrorController {
  @RequestMapping("${spring.web.error.path:/error}")
  void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    ProblemKind kind = ProblemKind.of(status instanceof Integer code ? code : 404);
    response.setHeader("X-Request-Id", Exchange.of(request).id());
    Exchange.protect(response);
    Exchange.refuse(request, response, Problem.of(kind));
  }
}
