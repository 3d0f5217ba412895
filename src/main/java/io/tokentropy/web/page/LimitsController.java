package io.tokentropy.web.page;

import io.tokentropy.binary.NumberType;
import io.tokentropy.endpoint.Limit;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.BinaryRows;
import io.tokentropy.json.Answer;
import io.tokentropy.kernel.Kernel;
import io.tokentropy.web.admission.AdmissionSettings;
import io.tokentropy.web.call.Limits;
import java.util.List;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/limits}. */
@RestController
class LimitsController {
  private final byte[] answer;

  LimitsController(
      Limits limits,
      AdmissionSettings admission,
      ServerProperties server,
      BuildProperties build,
      Settings settings) {
    var all = new Answer();
    for (Limit limit : limits.all()) {
      all.put(
          limit.name(), new Answer().put("value", limit.value()).put("setting", limit.setting()));
    }
    admission
        .byName()
        .forEach(
            (name, value) ->
                all.put(
                    name,
                    new Answer()
                        .put("value", value)
                        .put("setting", AdmissionSettings.setting(name))));
    all.put(
        "max_header_bytes",
        new Answer()
            .put("value", server.getMaxHttpRequestHeaderSize().toBytes())
            .put("setting", "SERVER_MAX_HTTP_REQUEST_HEADER_SIZE"));
    Answer told =
        Answer.of("limits")
            .put("version", build.getVersion())
            .put("limits", all)
            .put("dtypes", NumberType.names())
            .put(
                "media_types",
                List.of(
                    MediaType.APPLICATION_JSON_VALUE,
                    MediaType.APPLICATION_OCTET_STREAM_VALUE,
                    BinaryRows.NPY))
            .put("kernel", Kernel.best().describe())
            .put("kernel_bits", Kernel.best().bits());
    answer = Warning.putAll(settings.warnings(), told).toBytes();
  }

  @GetMapping(path = "/v1/limits", produces = MediaType.APPLICATION_JSON_VALUE)
  byte[] limits() {
    return answer;
  }
}
