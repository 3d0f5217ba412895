package io.tokentropy.web.operation;

import io.tokentropy.web.exchange.Exchange;
import io.tokentropy.web.problem.Problem;
import io.tokentropy.web.problem.ProblemKind;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.mvc.method.annotation.ExceptionHandlerExceptionResolver;

/**
 * What the management port has in common with the other: connections, request ids, headers and
 * problems. Keys are not asked for there: who reaches it is the network's business. Spring reads
 * this class from a list under {@code META-INF}, for the context of that port only.
 */
@ConditionalOnManagementPort(ManagementPortType.DIFFERENT)
class ManagementPort {
  @Bean
  FilterRegistrationBean<RequestFilter> requestIds(RequestFilter filter) {
    return registered(filter, Ordered.HIGHEST_PRECEDENCE);
  }

  /** Pages that Spring would serve on both ports are on the other one only. */
  @Bean
  FilterRegistrationBean<Filter> actuatorOnly(
      @Value("${management.endpoints.web.base-path:/actuator}") String base) {
    return registered(
        (request, response, chain) -> {
          if (request instanceof HttpServletRequest asked
              && response instanceof HttpServletResponse answer
              && !asked.getRequestURI().startsWith(base)) {
            Exchange.refuse(asked, answer, Problem.of(ProblemKind.NOT_FOUND));
          } else {
            chain.doFilter(request, response);
          }
        },
        Ordered.HIGHEST_PRECEDENCE + 1);
  }

  @Bean
  FilterRegistrationBean<FewFilter> scrapes() {
    return registered(FewFilter.ofManagement(), Ordered.HIGHEST_PRECEDENCE + 2);
  }

  @Bean
  Tomcat tomcat() {
    return new Tomcat(0);
  }

  private static <F extends Filter> FilterRegistrationBean<F> registered(F filter, int order) {
    var registration = new FilterRegistrationBean<>(filter);
    registration.setOrder(order);
    return registration;
  }

  @Bean
  ExceptionHandlerExceptionResolver problems() {
    return new ExceptionHandlerExceptionResolver();
  }
}
