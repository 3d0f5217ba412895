package io.tokentropy.web.gateway;

import io.tokentropy.gateway.check.Finding;
import io.tokentropy.gateway.engine.Deadline;
import io.tokentropy.gateway.openai.Shape;
import io.tokentropy.json.Answer;
import io.tokentropy.json.DidYouMean;
import io.tokentropy.ledger.Account;
import io.tokentropy.ledger.Book;
import io.tokentropy.ledger.Ledger;
import io.tokentropy.metrics.GatewayMeters;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.upstream.ModelServer;
import io.tokentropy.upstream.ServerConfig;
import io.tokentropy.web.admission.Admission;
import io.tokentropy.web.call.Bodies;
import io.tokentropy.web.call.Scoring;
import io.tokentropy.web.exchange.Exchange;
import io.tokentropy.web.gateway.GatewaySettings.Member;
import io.tokentropy.web.gateway.GatewaySettings.Mode;
import io.tokentropy.web.problem.ProblemKind;
import io.tokentropy.web.problem.Refused;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** OpenAI's paths, and {@code /v1/gateway}. */
@RestController
class GatewayController {
  private static final String JSON = MediaType.APPLICATION_JSON_VALUE;
  private static final String CHAT = "/v1/chat/completions";
  private static final String COMPLETIONS = "/v1/completions";

  /** Bytes that are held of an answer at a time, about. */
  private static final int HELD = 64 << 10;

  private final GatewaySettings settings;
  private final Pairs pairs;
  private final Bodies bodies;
  private final Ledger ledger;
  private final Admission admission;
  private final GatewayMeters meters;
  private final Checks checks;
  private final Scoring scoring;
  private final Semaphore streams;

  GatewayController(
      GatewaySettings settings,
      Pairs pairs,
      Bodies bodies,
      Ledger ledger,
      Admission admission,
      GatewayMeters meters,
      Checks checks,
      Scoring scoring) {
    this.settings = settings;
    this.pairs = pairs;
    this.bodies = bodies;
    this.ledger = ledger;
    this.admission = admission;
    this.meters = meters;
    this.checks = checks;
    this.scoring = scoring;
    this.streams = new Semaphore(settings.maxStreams());
    if (settings.enabled()) {
      meters.streams(() -> settings.maxStreams() - streams.availablePermits());
    }
  }

  @PostMapping(
      path = CHAT,
      consumes = JSON,
      produces = {JSON, MediaType.TEXT_EVENT_STREAM_VALUE})
  void chat(HttpServletRequest request, HttpServletResponse response) {
    answer(CHAT, request, response);
  }

  @PostMapping(
      path = COMPLETIONS,
      consumes = JSON,
      produces = {JSON, MediaType.TEXT_EVENT_STREAM_VALUE})
  void completions(HttpServletRequest request, HttpServletResponse response) {
    answer(COMPLETIONS, request, response);
  }

  private void answer(String path, HttpServletRequest request, HttpServletResponse response) {
    long arrived = System.nanoTime();
    response.setHeader("X-Tokentropy-Pure", "false");
    if (!streams.tryAcquire()) {
      throw new Refused(
          ProblemKind.OVERLOADED,
          settings.maxStreams()
              + " answers are under way already (TOKENTROPY_GATEWAY_MAX_STREAMS)");
    }
    try (Account account = ledger.open()) {
      Asked asked = asked(request, account, arrived);
      Pairs.Target target = target(asked.model());
      long deadline = arrived + settings.deadline().toNanos();
      Shape shape = path.equals(CHAT) ? Shape.CHAT : Shape.COMPLETION;
      Mode mode = Attach.wanted(asked, target);
      SwitchPlan plan = target.pair().plan();
      if (mode == Mode.SWITCH && plan != null) {
        boolean alike = checks.of(target.pair()).map(Finding::ok).orElse(true);
        String obstacle = alike ? SwitchPlan.obstacle(shape, asked.fields()) : "model";
        if (obstacle == null) {
          var call =
              new SwitchedCall(
                  request,
                  response,
                  plan,
                  new Deadline(deadline),
                  settings.heartbeat(),
                  meters.call("switch", target.pair().name(), "both"));
          account.take(Book.ANSWERS, HELD);
          call.run(asked.model(), plan.read(shape, asked.fields()));
          return;
        }
        target = instead(target, plan, obstacle, asked);
        mode = Mode.PASSTHROUGH;
      }
      ServerConfig config = target.server().config();
      PassThrough.Way way = events -> Passage.WHOLE;
      byte[] body;
      if (mode == Mode.ATTACH) {
        Attach attach = Attach.read(asked, shape, config, scoring);
        way = events -> attach.passage(events, scoring, account, deadline);
        body = asked.forModel(config.model(), attach.logprobs().asked());
      } else {
        asked.requireForeign();
        body = asked.forModel(config.model());
      }
      GatewayMeters.Call call =
          meters.call(mode.wire(), target.pair().name(), target.member().wire());
      new PassThrough(request, response, target, deadline, call, mode, way)
          .run(path, body, account);
    } finally {
      streams.release();
    }
  }

  /** The one of two models that answers what both cannot answer together. */
  private static Pairs.Target instead(
      Pairs.Target target, SwitchPlan plan, String obstacle, Asked asked) {
    boolean options = asked.fields().has("tokentropy");
    if (plan.unswitchable() == SwitchPlan.Unswitchable.REFUSE || options) {
      throw new Refused(
          ProblemKind.NOT_SWITCHABLE, "/" + obstacle + ": two models cannot do this together");
    }
    boolean small = plan.unswitchable() == SwitchPlan.Unswitchable.SMALL;
    return new Pairs.Target(target.pair(), small ? Member.SMALL : Member.LARGE, false);
  }

  private Asked asked(HttpServletRequest request, Account account, long arrived) {
    long deadline = admission.deadline(request.getHeader(Admission.TIMEOUT), arrived);
    byte[] body =
        bodies.read(
            request,
            account,
            arrived,
            this::requireWithin,
            (bytes, length) -> {
              requireWithin(length);
              return Arrays.copyOf(bytes, length);
            });
    account.take(Book.BODIES, body.length);
    try (Admission.Core core = admission.core()) {
      core.enter(deadline);
      return Asked.of(body);
    }
  }

  private void requireWithin(long length) {
    if (length > settings.maxPromptBytes()) {
      throw new InvalidInput.LimitExceeded(
          "",
          "max_prompt_bytes",
          length,
          settings.maxPromptBytes(),
          "TOKENTROPY_GATEWAY_MAX_PROMPT_BYTES");
    }
  }

  private Pairs.Target target(String model) {
    return pairs
        .find(model)
        .orElseThrow(
            () ->
                new Refused(
                    ProblemKind.UNKNOWN_MODEL,
                    settings.enabled()
                        ? "found another model" + DidYouMean.suffix(model, pairs.known())
                        : "the gateway is off (TOKENTROPY_GATEWAY_ENABLED)"));
  }

  /** What a server did wrong, with the time that it asks to be left alone. */
  @ExceptionHandler
  void upstream(UpstreamProblem e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Duration later = e.retryAfter();
    if (later != null) {
      response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(later.toSeconds()));
    }
    Exchange.refuse(request, response, e.problem(settings.upstreamErrors()));
  }

  /** The same of a pair that switches. */
  @ExceptionHandler
  void switched(SwitchProblem e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Duration later = e.retryAfter();
    if (later != null) {
      response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(later.toSeconds()));
    }
    Exchange.refuse(request, response, e.problem());
  }

  @GetMapping(path = "/v1/models", produces = JSON)
  byte[] models() {
    List<Answer> models =
        pairs.names().stream()
            .map(
                name ->
                    new Answer()
                        .put("id", name)
                        .put("object", "model")
                        .put("created", 0)
                        .put("owned_by", "tokentropy"))
            .toList();
    return Answer.of("list").put("data", models).toBytes();
  }

  @GetMapping(path = "/v1/gateway", produces = JSON)
  byte[] gateway() {
    return Answer.of("gateway")
        .put("enabled", settings.enabled())
        .put("max_streams", settings.maxStreams())
        .put("pairs", pairs.all().stream().map(this::pair).toList())
        .toBytes();
  }

  private Answer pair(Pairs.Pair pair) {
    Optional<Finding> ids = checks.of(pair);
    return new Answer()
        .put("name", pair.name())
        .put("mode", pair.mode().wire())
        .put("serve", pair.serve().wire())
        .put("handover", ids.map(found -> found.ok() ? "tokens" : "text").orElse(null))
        .put("checks", ids.stream().map(GatewayController::finding).toList())
        .put(Member.SMALL.wire(), server(pair.small()))
        .put(Member.LARGE.wire(), server(pair.large()));
  }

  private Answer server(ModelServer server) {
    ServerConfig config = server.config();
    return new Answer()
        .put("name", config.name())
        .put("kind", config.kind().name().toLowerCase(Locale.ROOT))
        .put("model", config.model())
        .put("breaker", server.state().name().toLowerCase(Locale.ROOT))
        .put("streams", server.streams())
        .put("max_streams", config.maxStreams())
        .put("checks", checks.of(server).stream().map(GatewayController::finding).toList());
  }

  private static Answer finding(Finding found) {
    return new Answer()
        .put("check", found.name())
        .put("ok", found.ok())
        .put("detail", found.detail());
  }
}
