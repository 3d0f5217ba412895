package io.tokentropy.web.call;

import io.tokentropy.asking.Answerer;
import io.tokentropy.asking.ModelAnswerer;
import io.tokentropy.asking.Observer;
import io.tokentropy.embedding.Embedder;
import io.tokentropy.endpoint.asking.AskEndpoint;
import io.tokentropy.endpoint.asking.AskEvents;
import io.tokentropy.endpoint.asking.AskFailed;
import io.tokentropy.endpoint.asking.AskLimits;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Reader;
import io.tokentropy.ledger.Account;
import io.tokentropy.ledger.Book;
import io.tokentropy.ledger.Ledger;
import io.tokentropy.metrics.Meters;
import io.tokentropy.refusal.Wanted;
import io.tokentropy.upstream.ModelServer;
import io.tokentropy.upstream.ModelServers;
import io.tokentropy.web.admission.Admission;
import io.tokentropy.web.admission.AdmissionSettings;
import io.tokentropy.web.admission.Dear;
import io.tokentropy.web.exchange.Exchange;
import io.tokentropy.web.problem.Problem;
import io.tokentropy.web.problem.ProblemKind;
import io.tokentropy.web.problem.Refused;
import io.tokentropy.web.wire.Wire;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.info.BuildProperties;
import org.springframework.stereotype.Component;

/**
 * {@code /v1/inv-entropy/ask}: models are asked in threads that only wait, without a core; the
 * thread of the call looks every now and then whether its caller is still there, and sends what has
 * come. The score is computed on a core, as that of any call.
 */
@Component
public class Asks {
  private static final Logger LOG = LoggerFactory.getLogger(Asks.class);

  /** For scoring, once all is asked. */
  private static final Duration SCORING = Duration.ofSeconds(30);

  private final @Nullable AskEndpoint endpoint;
  private final AskSettings settings;
  private final Bodies bodies;
  private final Ledger ledger;
  private final Admission admission;
  private final Dear dear;
  private final Work work;
  private final Reader reader;
  private final Meters meters;
  private final int slowestReader;
  private final Semaphore runs;

  Asks(
      AskSettings settings,
      ModelServers servers,
      Endpoints endpoints,
      Bodies bodies,
      Ledger ledger,
      Admission admission,
      Dear dear,
      Work work,
      Limits limits,
      Meters meters,
      AdmissionSettings admissionSettings,
      BuildProperties build) {
    this.settings = settings;
    this.bodies = bodies;
    this.ledger = ledger;
    this.admission = admission;
    this.dear = dear;
    this.work = work;
    this.reader = new Reader(limits.json());
    this.meters = meters;
    this.slowestReader = admissionSettings.slowestReader();
    this.runs = new Semaphore(settings.maxRuns());
    this.endpoint =
        settings.enabled()
            ? endpoint(settings, models(servers), endpoints, limits, reader, build)
            : null;
  }

  private static Map<String, Answerer> models(ModelServers servers) {
    var models = new TreeMap<String, Answerer>();
    for (ModelServer server : servers.all()) {
      models.put(server.config().name(), new ModelAnswerer(server));
    }
    return models;
  }

  private static AskEndpoint endpoint(
      AskSettings settings,
      Map<String, Answerer> models,
      Endpoints endpoints,
      Limits limits,
      Reader reader,
      BuildProperties build) {
    requireKnown("UPSTREAM", settings.upstream(), models);
    requireKnown("PARAPHRASER", settings.paraphraser(), models);
    Embedder embedder =
        endpoints
            .embedder()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "TOKENTROPY_ASK_ENABLED is true, and TOKENTROPY_EMBEDDINGS_BACKEND is off;"
                            + " answers are scored by their embeddings"));
    return new AskEndpoint(
        new AskLimits(
            settings.budget(),
            settings.maxParallel(),
            limits.invEntropy().prompts(),
            limits.temperatures(),
            limits.invEntropy().textLength(),
            limits.perturbation()),
        models,
        new AskEndpoint.Defaults(settings.upstream(), settings.paraphraser()),
        endpoints.scorer(),
        endpoints.measurer(),
        endpoints.perturber(),
        embedder,
        reader,
        String.valueOf(build.getVersion()));
  }

  private static void requireKnown(
      String setting, @Nullable String name, Map<String, Answerer> models) {
    if (name != null && !models.containsKey(name)) {
      throw new IllegalArgumentException(
          "TOKENTROPY_ASK_%s is %s, expected the name of an upstream%s"
              .formatted(
                  setting,
                  name,
                  models.isEmpty()
                      ? "; there is none, see TOKENTROPY_UPSTREAMS_*"
                      : ", one of " + String.join(", ", models.keySet())));
    }
  }

  /** Answers one call, at once or as a stream of events. */
  public void answer(HttpServletRequest request, HttpServletResponse response) {
    AskEndpoint asking = endpoint;
    if (asking == null) {
      throw new Refused(
          new Problem(
              ProblemKind.NOT_FOUND,
              "this service puts no questions to models",
              List.of(),
              "Set TOKENTROPY_ASK_ENABLED=true and TOKENTROPY_UPSTREAMS_*, or send texts with their"
                  + " answers to /v1/inv-entropy."));
    }
    Exchange exchange = Exchange.of(request);
    exchange.endpoint(AskEndpoint.PATH);
    response.setHeader("X-Tokentropy-Pure", "false");
    try (Account account = ledger.open()) {
      new One(asking, request, response, exchange, account).answer();
    }
  }

  /** One call on its way. */
  private final class One {
    private final AskEndpoint asking;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final Exchange exchange;
    private final Account account;
    private final long start = System.nanoTime();
    private MeteredTally tally;
    private @Nullable EventStream events;

    One(
        AskEndpoint asking,
        HttpServletRequest request,
        HttpServletResponse response,
        Exchange exchange,
        Account account) {
      this.asking = asking;
      this.request = request;
      this.response = response;
      this.exchange = exchange;
      this.account = account;
      this.tally = new MeteredTally(meters, AskEndpoint.PATH, null, exchange::input);
    }

    void answer() {
      AskEndpoint.Asked asked = read();
      if (asked.dryRun()) {
        send(dear.await(patience(), () -> AskEndpoint.planned(asked)));
        return;
      }
      if (!runs.tryAcquire()) {
        throw new Refused(
            ProblemKind.OVERLOADED,
            settings.maxRuns() + " questions are asked already (TOKENTROPY_ASK_MAX_RUNS)");
      }
      try {
        account.take(Book.VALUES, asked.cost().bytes());
        if (asked.stream()) {
          stream(asked);
        } else {
          send(ask(asked, observer(asked, (name, data) -> {})));
        }
      } finally {
        runs.release();
      }
    }

    private AskEndpoint.Asked read() {
      long deadline = admission.deadline(request.getHeader(Admission.TIMEOUT), start);
      Fields query = QueryString.fields(request.getQueryString());
      return bodies.read(
          request,
          account,
          start,
          length -> {},
          (body, length) -> {
            meters.body(length);
            try (Admission.Core core = admission.core()) {
              core.enter(deadline);
              Fields fields = reader.readValue(body, length, account).asFields().and(query);
              tally =
                  new MeteredTally(meters, AskEndpoint.PATH, fields.text("model"), exchange::input);
              return work.compute(
                  core,
                  account,
                  asking.read(fields),
                  asking::breedingCost,
                  asking.breeding(),
                  this::patience,
                  asking::bred);
            } finally {
              account.giveBackAll(Book.VALUES);
            }
          });
    }

    /** When the last call must have ended. */
    private long end() {
      long all = settings.deadline().toNanos();
      String wanted = request.getHeader(Admission.TIMEOUT);
      return start
          + (wanted == null
              ? all
              : Math.min(all, TimeUnit.MILLISECONDS.toNanos(Long.parseLong(wanted))));
    }

    private Dear.Patience patience() {
      long last = end() + SCORING.toNanos();
      return new Dear.Patience(last - start, last, this::look);
    }

    /** Sends what has come; the thread of the call does so while it waits. */
    private boolean look() {
      EventStream stream = events;
      if (stream != null) {
        stream.flush();
      }
      return Wire.of(request).isGone();
    }

    /** Asks and scores. */
    private Answer ask(AskEndpoint.Asked asked, Observer observer) {
      try {
        AskEndpoint.Ran ran = dear.await(patience(), () -> run(asked, observer));
        look();
        if (ran.cost().operations() > Dear.OPERATIONS) {
          return dear.compute(patience(), () -> asking.answer(ran, tally));
        }
        try (Admission.Core core = admission.core()) {
          core.enterInTurn();
          return asking.answer(ran, tally);
        }
      } catch (AskFailed e) {
        throw new Refused(problem(e));
      }
    }

    private AskEndpoint.Ran run(AskEndpoint.Asked asked, Observer observer) {
      try {
        return asking.run(asked, observer, end());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Wanted.No();
      }
    }

    private Observer observer(AskEndpoint.Asked asked, AskEvents.Sink sink) {
      return new AskEvents(
          asked,
          sink,
          (purpose, end) -> meters.asked(purpose.wire(), end.wire()),
          () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    private void send(Answer answer) {
      Pages pages = new Pages(account);
      answer.writeTo(pages);
      response.setContentType("application/json");
      response.setContentLengthLong(pages.length());
      try {
        var out = new Paced(response.getOutputStream(), Wire.of(request), slowestReader);
        pages.sendTo(out::write);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void stream(AskEndpoint.Asked asked) {
      var stream = new EventStream(request, response, slowestReader);
      events = stream;
      try {
        stream.add("result", ask(asked, observer(asked, stream::add)));
      } catch (Wanted.No | UncheckedIOException e) {
        throw e;
      } catch (RuntimeException e) {
        if (!stream.hasBegun()) {
          throw e;
        }
        stream.add("error", told(e));
      }
      stream.flush();
    }

    /** A failure in the middle of a stream, whose status has been sent. */
    private Answer told(RuntimeException failure) {
      Problem problem;
      if (failure instanceof Refused refused) {
        problem = refused.problem();
      } else {
        LOG.error("request {} failed", exchange.id(), failure);
        problem = Problem.of(ProblemKind.INTERNAL);
      }
      meters.rejected(problem.kind().code());
      return problem.toAnswer().put("request_id", exchange.id());
    }
  }

  private static Problem problem(AskFailed e) {
    ProblemKind kind =
        switch (e.why()) {
          case BUDGET_TOO_SMALL -> ProblemKind.BUDGET_TOO_SMALL;
          case INCOMPLETE -> ProblemKind.UPSTREAM_INCOMPLETE;
        };
    return new Problem(kind, String.valueOf(e.getMessage()), List.of(), kind.fix, e.facts());
  }
}
