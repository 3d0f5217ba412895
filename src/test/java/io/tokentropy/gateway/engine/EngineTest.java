package io.tokentropy.gateway.engine;

import static io.tokentropy.upstream.ScriptedUpstream.cut;
import static io.tokentropy.upstream.ScriptedUpstream.events;
import static io.tokentropy.upstream.ScriptedUpstream.eventsAndCut;
import static io.tokentropy.upstream.ScriptedUpstream.eventsAndSilence;
import static io.tokentropy.upstream.ScriptedUpstream.json;
import static io.tokentropy.upstream.ScriptedUpstream.silence;
import static io.tokentropy.upstream.ScriptedUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tokentropy.gateway.engine.EngineFailed.Fault;
import io.tokentropy.upstream.ApiKey;
import io.tokentropy.upstream.ModelServer;
import io.tokentropy.upstream.ScriptedUpstream;
import io.tokentropy.upstream.ServerConfig;
import io.tokentropy.upstream.ServerKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Engines of each kind on scripted servers. What llama.cpp's script says was recorded from a real
 * one; vLLM's is made from its documented protocol.
 */
@Timeout(60)
class EngineTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final int[] PROMPT = {297, 387};

  private static final String AND =
      "{\"index\":0,\"content\":\"And\",\"tokens\":[297],\"stop\":false,\"tokens_predicted\":1,"
          + "\"tokens_evaluated\":2,\"completion_probabilities\":[{\"id\":297,\"token\":\"And\","
          + "\"bytes\":[65,110,100],\"logprob\":-0.7024,\"top_logprobs\":[{\"id\":297,\"token\":"
          + "\"And\",\"bytes\":[65,110,100],\"logprob\":-0.7024},{\"id\":534,\"token\":\"But\","
          + "\"bytes\":[66,117,116],\"logprob\":-3.0011}]}]}";

  /** Four tokens that came as one event, after one that is counted. */
  private static final String SMILE =
      "{\"index\":0,\"content\":\"🙂\",\"tokens\":[226],\"stop\":false,\"tokens_predicted\":5,"
          + "\"tokens_evaluated\":2,\"completion_probabilities\":[{\"id\":226,\"token\":\"🙂\","
          + "\"bytes\":[240,159,153,130],\"logprob\":-5.2,\"top_logprobs\":[{\"id\":226,"
          + "\"token\":\"\uFFFD\",\"bytes\":[130],\"logprob\":-5.2}]}]}";

  private static final String EOS =
      "{\"index\":0,\"content\":\"\",\"tokens\":[1],\"stop\":false,\"tokens_predicted\":2,"
          + "\"tokens_evaluated\":2,\"completion_probabilities\":[{\"id\":1,\"token\":\"\","
          + "\"bytes\":[],\"logprob\":-1.5,\"top_logprobs\":[{\"id\":284,\"token\":\"ed\","
          + "\"bytes\":[101,100],\"logprob\":-0.9}]}]}";

  private static String end(String type, int predicted) {
    return "{\"index\":0,\"content\":\"\",\"tokens\":[],\"stop\":true,\"tokens_predicted\":"
        + predicted
        + ",\"tokens_evaluated\":2,\"generation_settings\":{\"n_probs\":20},\"stop_type\":\""
        + type
        + "\",\"timings\":{\"cache_n\":1,\"prompt_n\":1}}";
  }

  private ScriptedUpstream upstream;

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedUpstream();
  }

  @AfterEach
  void stop() throws IOException {
    upstream.close();
  }

  private ModelServer server(ServerKind kind, Duration first, Duration idle) {
    return new ModelServer(
        new ServerConfig(
            "small",
            upstream.url(),
            kind,
            "m",
            ApiKey.of("small", null, null),
            OptionalInt.of(2048),
            new ServerConfig.Times(LONG, first, idle),
            8,
            ServerConfig.Cancels.AUTO,
            new ServerConfig.Prices(
                OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty())));
  }

  private Engine engine(ServerKind kind) {
    return Engines.of(server(kind, LONG, LONG)).orElseThrow();
  }

  private static Deadline deadline() {
    return Deadline.after(LONG);
  }

  private static StintRequest greedy(int most) {
    return new StintRequest(PROMPT, OptionalInt.of(most), Sampling.greedy(), OptionalLong.empty());
  }

  private static List<Step> all(Stint stint) throws EngineFailed {
    var steps = new ArrayList<Step>();
    for (Step step = stint.next(); step != null; step = stint.next()) {
      steps.add(step);
    }
    return steps;
  }

  private static String text(Step step) {
    return new String(step.bytes(), StandardCharsets.UTF_8);
  }

  private interface Act {
    void run() throws EngineFailed;
  }

  private static Fault fault(Act act) {
    return catchThrowableOfType(EngineFailed.class, act::run).fault();
  }

  @Test
  void llamacppContinuesIdsAndSendsThem() throws EngineFailed {
    upstream.on("/completion", events(AND, end("limit", 1)));
    Stint stint = engine(ServerKind.LLAMACPP).open(greedy(1), deadline());
    List<Step> steps = all(stint);
    assertThat(steps).hasSize(1);
    Step step = steps.getFirst();
    assertThat(step.ids()).containsExactly(297);
    assertThat(text(step)).isEqualTo("And");
    assertThat(step.text()).isEqualTo("And");
    assertThat(step.lnProb().orElseThrow()).isEqualTo(-0.7024);
    assertThat(step.row().best().size()).isEqualTo(2);
    assertThat(stint.finish()).isEqualTo(Stint.Finish.LENGTH);
    assertThat(stint.usage()).isEqualTo(new Stint.Usage(2, 1, 1));
    assertThat(upstream.asked().getFirst().body())
        .isEqualTo(
            "{\"prompt\":[297,387],\"n_predict\":1,\"n_probs\":20,\"stream\":true,"
                + "\"return_tokens\":true,\"cache_prompt\":true,\"temperature\":0.0}");
  }

  @Test
  void everyOptionOfSamplingIsSent() throws EngineFailed {
    upstream.on("/completion", events(AND, end("limit", 1)));
    var sampling =
        new Sampling(
            OptionalDouble.of(0.5),
            OptionalDouble.of(0.9),
            OptionalInt.of(40),
            OptionalDouble.of(0.05),
            Map.of(7, -1.5),
            List.of(9));
    var request = new StintRequest(PROMPT, OptionalInt.empty(), sampling, OptionalLong.of(-1));
    all(engine(ServerKind.LLAMACPP).open(request, deadline()));
    assertThat(upstream.asked().getFirst().body())
        .endsWith(
            "\"temperature\":0.5,\"top_p\":0.9,\"top_k\":40,\"min_p\":0.05,\"seed\":2147483647,"
                + "\"logit_bias\":[[7,-1.5]]}")
        .contains("\"n_predict\":-1");
  }

  @Test
  void theTokenThatEndsTheTextIsNone() throws EngineFailed {
    upstream.on("/completion", events(AND, EOS, end("eos", 2)));
    Stint stint = engine(ServerKind.LLAMACPP).open(greedy(9), deadline());
    assertThat(all(stint).stream().map(Step::ids)).containsExactly(List.of(297));
    assertThat(stint.finish()).isEqualTo(Stint.Finish.STOP);
    assertThat(stint.usage().completion()).isEqualTo(2);
  }

  /** A special token has no text either; the next event tells it from the end. */
  @Test
  void aTokenWithoutTextBeforeTheLimitIsOne() throws EngineFailed {
    upstream.on("/completion", events(AND, EOS, end("limit", 2)));
    Stint stint = engine(ServerKind.LLAMACPP).open(greedy(2), deadline());
    assertThat(all(stint).stream().map(Step::ids)).containsExactly(List.of(297), List.of(1));
    assertThat(stint.finish()).isEqualTo(Stint.Finish.LENGTH);
  }

  @Test
  void aStopTokenEndsTheText() throws Exception {
    upstream.on("/completion", eventsAndSilence(AND));
    var sampling =
        new Sampling(
            OptionalDouble.of(0),
            OptionalDouble.empty(),
            OptionalInt.empty(),
            OptionalDouble.empty(),
            Map.of(),
            List.of(297));
    var request = new StintRequest(PROMPT, OptionalInt.of(9), sampling, OptionalLong.empty());
    Stint stint = engine(ServerKind.LLAMACPP).open(request, deadline());
    assertThat(all(stint)).isEmpty();
    assertThat(stint.finish()).isEqualTo(Stint.Finish.STOP);
    assertThat(upstream.sawClientGo()).isTrue();
  }

  @Test
  void tokensOfOneCharacterComeAsOneStepWithoutSignal() throws EngineFailed {
    upstream
        .on("/completion", events(AND, SMILE, end("limit", 5)))
        .on("/tokenize", json("{\"tokens\":[174,255,249,226]}"))
        .on("/detokenize", json("{\"content\":\"🙂\"}"));
    List<Step> steps = all(engine(ServerKind.LLAMACPP).open(greedy(5), deadline()));
    assertThat(steps).hasSize(2);
    Step smile = steps.getLast();
    assertThat(smile.ids()).containsExactly(174, 255, 249, 226);
    assertThat(text(smile)).isEqualTo("🙂");
    assertThat(smile.reconstructed()).isTrue();
    assertThat(smile.row()).isNull();
    assertThat(smile.lnProb()).isEmpty();
    assertThat(upstream.asked("/tokenize").getFirst().body())
        .isEqualTo("{\"content\":\"🙂\",\"add_special\":false,\"parse_special\":false}");
  }

  /** The first event of an answer may hold a gap, too. */
  @Test
  void aSplitCharacterMayBeTheFirst() throws EngineFailed {
    upstream
        .on("/completion", events(SMILE, end("limit", 5)))
        .on("/tokenize", json("{\"tokens\":[1,174,255,249,226]}"))
        .on("/detokenize", json("{\"content\":\"🙂\"}"));
    List<Step> steps = all(engine(ServerKind.LLAMACPP).open(greedy(5), deadline()));
    assertThat(steps.getFirst().reconstructed()).isTrue();
  }

  @Test
  void charactersThatTheTokenizerSpellsOtherwiseAreNotGuessed() throws EngineFailed {
    upstream
        .on("/completion", events(AND, SMILE, end("limit", 5)))
        .on("/tokenize", json("{\"tokens\":[222,226]}"))
        .on("/detokenize", json("{\"content\":\" 🙂\"}"));
    Stint stint = engine(ServerKind.LLAMACPP).open(greedy(5), deadline());
    stint.next();
    assertThat(fault(stint::next)).isEqualTo(Fault.MALFORMED);
  }

  @Test
  void llamacppRendersAChatByItsTemplate() throws EngineFailed {
    upstream
        .on("/apply-template", json("{\"prompt\":\"<s>hi\\n\"}"))
        .on("/tokenize", json("{\"tokens\":[0,0,71,72]}"));
    int[] ids =
        engine(ServerKind.LLAMACPP)
            .render(new Prompt.Chat(List.of(new Prompt.Message("user", "hi"))), deadline());
    assertThat(ids).containsExactly(0, 71, 72);
    assertThat(upstream.asked().stream().map(ScriptedUpstream.Asked::body))
        .containsExactly(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
            "{\"content\":\"<s>hi\\n\",\"add_special\":true,\"parse_special\":true}");
  }

  @Test
  void aTextIsNoPlaceForSpecialTokens() throws EngineFailed {
    upstream.on("/tokenize", json("{\"tokens\":[0,71]}"));
    engine(ServerKind.LLAMACPP).render(new Prompt.Text("</s>"), deadline());
    assertThat(upstream.asked().getFirst().body()).contains("\"parse_special\":false");
  }

  private static String chunk(String text, String ids, String lists, String reason) {
    return "{\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"model\":\"m\",\"choices\":[{"
        + "\"index\":0,\"text\":\""
        + text
        + "\",\"logprobs\":{\"text_offset\":[],"
        + lists
        + "},\"finish_reason\":"
        + reason
        + ",\"stop_reason\":null,\"token_ids\":["
        + ids
        + "]}]}";
  }

  private static String lists(int... ids) {
    var names = new ArrayList<String>();
    var own = new ArrayList<String>();
    var tops = new ArrayList<String>();
    for (int id : ids) {
      names.add("\"token_id:" + id + "\"");
      own.add("-0.5");
      tops.add("{\"token_id:" + id + "\":-0.5,\"token_id:" + (id + 1) + "\":-1.5}");
    }
    return "\"tokens\":" + names + ",\"token_logprobs\":" + own + ",\"top_logprobs\":" + tops;
  }

  private static final String USAGE =
      "{\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"model\":\"m\",\"choices\":[],\"usage\":"
          + "{\"prompt_tokens\":2,\"completion_tokens\":5,\"total_tokens\":7,"
          + "\"prompt_tokens_details\":{\"cached_tokens\":1}}}";

  @Test
  void vllmSendsSeveralTokensAtOnceAndTextLater() throws EngineFailed {
    upstream.on(
        "/v1/completions",
        events(
            chunk("And", "10", lists(10), "null"),
            chunk("", "20", lists(20), "null"),
            chunk(" é God", "30,40", lists(30, 40), "null"),
            chunk("", "2", lists(2), "\"stop\""),
            USAGE));
    Stint stint = engine(ServerKind.VLLM).open(greedy(9), deadline());
    List<Step> steps = all(stint);
    assertThat(steps.stream().map(Step::ids))
        .containsExactly(List.of(10), List.of(20), List.of(30), List.of(40));
    assertThat(steps.stream().map(EngineTest::text)).containsExactly("And", "", "", " é God");
    assertThat(steps.stream().map(Step::boundary)).containsExactly(true, false, false, true);
    assertThat(steps).allSatisfy(step -> assertThat(step.row().best().size()).isEqualTo(2));
    assertThat(stint.finish()).isEqualTo(Stint.Finish.STOP);
    assertThat(stint.usage()).isEqualTo(new Stint.Usage(2, 1, 5));
    assertThat(upstream.asked().getFirst().body())
        .isEqualTo(
            "{\"model\":\"m\",\"prompt\":[297,387],\"max_tokens\":9,\"stream\":true,"
                + "\"stream_options\":{\"include_usage\":true},\"logprobs\":20,"
                + "\"return_token_ids\":true,\"return_tokens_as_token_ids\":true,"
                + "\"temperature\":0.0}");
  }

  @Test
  void vllmIsAskedForTheRoomThatItHas() throws EngineFailed {
    upstream
        .on("/v1/models", json("{\"data\":[{\"id\":\"m\",\"max_model_len\":100}]}"))
        .on("/v1/completions", events(chunk("a", "10", lists(10), "\"length\"")));
    var request =
        new StintRequest(PROMPT, OptionalInt.empty(), Sampling.greedy(), OptionalLong.of(5));
    Stint stint = engine(ServerKind.VLLM).open(request, deadline());
    assertThat(all(stint)).hasSize(1);
    assertThat(stint.finish()).isEqualTo(Stint.Finish.LENGTH);
    assertThat(stint.usage()).isEqualTo(new Stint.Usage(2, 0, 1));
    assertThat(upstream.asked("/v1/completions").getFirst().body())
        .contains("\"max_tokens\":98", "\"seed\":5");
  }

  @Test
  void vllmRendersByItsTokenizer() throws EngineFailed {
    upstream.on("/tokenize", json("{\"count\":2,\"max_model_len\":100,\"tokens\":[5,6]}"));
    Engine engine = engine(ServerKind.VLLM);
    assertThat(
            engine.render(new Prompt.Chat(List.of(new Prompt.Message("user", "hi"))), deadline()))
        .containsExactly(5, 6);
    engine.render(new Prompt.Text("hi"), deadline());
    assertThat(engine.render(new Prompt.Ids(PROMPT), deadline())).isEqualTo(PROMPT);
    assertThat(upstream.asked().stream().map(ScriptedUpstream.Asked::body))
        .containsExactly(
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                + "\"add_generation_prompt\":true}",
            "{\"model\":\"m\",\"prompt\":\"hi\",\"add_special_tokens\":true}");
  }

  private static String path(ServerKind kind) {
    return kind == ServerKind.VLLM ? "/v1/completions" : "/completion";
  }

  @ParameterizedTest
  @EnumSource(names = {"LLAMACPP", "VLLM"})
  void whatGoesWrongAtTheStartHasAName(ServerKind kind) throws EngineFailed {
    Engine engine = Engines.of(server(kind, SHORT, LONG)).orElseThrow();
    var faults = new ArrayList<Fault>();
    for (ScriptedUpstream.Script script :
        List.of(
            status(429, ""), status(503, ""), status(500, ""), status(400, ""), cut(), silence())) {
      upstream.on(path(kind), script);
      Stint stint = engine.open(greedy(1), deadline());
      faults.add(fault(stint::next));
    }
    assertThat(faults)
        .containsExactly(
            Fault.BUSY, Fault.BUSY, Fault.REJECTED, Fault.REJECTED, Fault.CUT, Fault.SLOW_START);
    Stint late = engine.open(greedy(1), Deadline.after(Duration.ZERO));
    assertThat(fault(late::next)).isEqualTo(Fault.DEADLINE);
  }

  @Test
  void whatGoesWrongWithinAStreamHasAName() throws EngineFailed {
    Engine engine = Engines.of(server(ServerKind.LLAMACPP, LONG, SHORT)).orElseThrow();
    var faults = new ArrayList<Fault>();
    for (ScriptedUpstream.Script script :
        List.of(
            eventsAndCut(AND),
            eventsAndSilence(AND),
            events(AND),
            events(AND, "{\"a\":"),
            events(AND, "{\"error\":{\"code\":500,\"message\":\"your prompt was: secret\"}}"),
            events(AND, "\"" + "x".repeat(10 << 20) + "\""),
            events(
                AND,
                "{\"content\":\"b\",\"tokens\":[5],\"tokens_predicted\":2," + "\"stop\":false}"),
            (asked, wire) -> {
              wire.head(200, "text/event-stream");
              wire.event(AND);
              while (true) {
                wire.piece("d");
                Thread.sleep(20);
              }
            })) {
      upstream.on("/completion", script);
      Stint stint = engine.open(greedy(9), deadline());
      assertThat(stint.next().ids()).containsExactly(297);
      EngineFailed failed = catchThrowableOfType(EngineFailed.class, stint::next);
      assertThat(failed.getMessage()).doesNotContain("secret");
      faults.add(failed.fault());
    }
    assertThat(faults)
        .containsExactly(
            Fault.CUT,
            Fault.IDLE,
            Fault.CUT,
            Fault.MALFORMED,
            Fault.MALFORMED,
            Fault.MALFORMED,
            Fault.NO_LOGPROBS,
            Fault.IDLE);
  }

  @Test
  void closingEndsAReadThatWaits() throws Exception {
    upstream.on("/completion", eventsAndSilence(AND));
    Stint stint = engine(ServerKind.LLAMACPP).open(greedy(9), deadline());
    stint.next();
    Thread closer = Thread.ofVirtual().start(stint::close);
    assertThat(fault(stint::next)).isEqualTo(Fault.CLOSED);
    closer.join();
    assertThat(upstream.sawClientGo()).isTrue();
  }

  @Test
  void aCallMayBeClosedBeforeItsAnswer() throws Exception {
    upstream.on("/completion", silence());
    Stint stint = engine(ServerKind.LLAMACPP).open(greedy(9), deadline());
    Thread closer = Thread.ofVirtual().start(stint::close);
    assertThat(fault(stint::next)).isEqualTo(Fault.CLOSED);
    closer.join();
  }

  @Test
  void othersContinueNothingByIds() {
    assertThat(Engines.of(server(ServerKind.OPENAI, LONG, LONG))).isEmpty();
    assertThat(Engines.of(server(ServerKind.OLLAMA, LONG, LONG))).isEmpty();
  }
}
