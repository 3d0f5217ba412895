package io.tokentropy.web;

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
    ProblemKind kind = Problems.kind(status instanceof Integer code ? code : 404);
    response.setHeader("X-Request-Id", RequestFilter.requestId(request));
    RequestFilter.protect(response);
    Problems.send(request, response, kind);
  }
}
