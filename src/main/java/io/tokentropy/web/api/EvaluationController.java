package io.tokentropy.web.api;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.evaluation.BinaryEndpoint;
import io.tokentropy.endpoint.evaluation.RankingEndpoint;
import io.tokentropy.endpoint.evaluation.ReliabilityEndpoint;
import io.tokentropy.endpoint.evaluation.TsuEndpoint;
import io.tokentropy.web.call.Calls;
import io.tokentropy.web.call.Endpoints;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/evaluation}: how good scores are. */
@RestController
class EvaluationController {
  private final Calls calls;
  private final Endpoint<?> tsu;
  private final Endpoint<?> calibration;
  private final Endpoint<?> ranking;
  private final Endpoint<?> binary;

  EvaluationController(Calls calls, Endpoints endpoints) {
    this.calls = calls;
    this.tsu = endpoints.at(TsuEndpoint.PATH);
    this.calibration = endpoints.at(ReliabilityEndpoint.PATH);
    this.ranking = endpoints.at(RankingEndpoint.PATH);
    this.binary = endpoints.at(BinaryEndpoint.PATH);
  }

  @PostMapping(
      path = TsuEndpoint.PATH,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  void tsu(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, tsu);
  }

  @PostMapping(
      path = ReliabilityEndpoint.PATH,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  void calibration(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, calibration);
  }

  @PostMapping(
      path = RankingEndpoint.PATH,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  void ranking(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, ranking);
  }

  @PostMapping(
      path = BinaryEndpoint.PATH,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  void binary(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, binary);
  }
}
