package io.tokentropy.web.api;

import io.tokentropy.web.call.Batch;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/batch}. */
@RestController
class BatchController {
  private final Batch batch;

  BatchController(Batch batch) {
    this.batch = batch;
  }

  @PostMapping(
      path = Batch.PATH,
      consumes = {Batch.NDJSON, Batch.JSONL, Batch.JSON_LINES},
      produces = Batch.NDJSON)
  void post(HttpServletRequest request, HttpServletResponse response) {
    batch.answer(request, response);
  }
}
