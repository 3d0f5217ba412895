package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.upstream.ScriptedUpstream;
import io.tokentropy.upstream.ScriptedUpstream.Asked;
import io.tokentropy.upstream.ScriptedUpstream.Script;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** {@code /v1/inv-entropy/ask} against a model server that answers as the tests say. */
class AskTest extends ServiceTest {
  private static final String PATH = "/v1/inv-entropy/ask";
  private static final String CHAT = "/v1/chat/completions";
  private static final ScriptedUpstream MODEL = new ScriptedUpstream();

  private static final String CALLER =
      """
      {"question":"Who wrote the letter to the Romans?",
       "perturbations":{"method":"caller","texts":["Romans was written by whom?",
         "Who is the author of Romans?","Which apostle wrote Romans?"]},
       "answers_per_prompt":3%s}
      """;

  @DynamicPropertySource
  static void upstreams(DynamicPropertyRegistry registry) {
    registry.add("tokentropy.upstreams.model.url", () -> MODEL.url().toString());
    registry.add("tokentropy.upstreams.model.kind", () -> "openai");
    registry.add("tokentropy.upstreams.model.model", () -> "scripted-1");
    registry.add("tokentropy.upstreams.model.price-input", () -> "1");
    registry.add("tokentropy.upstreams.model.price-output", () -> "4");
    registry.add("tokentropy.upstreams.one.url", () -> MODEL.url().toString());
    registry.add("tokentropy.upstreams.one.kind", () -> "ollama");
    registry.add("tokentropy.upstreams.one.model", () -> "scripted-1");
    registry.add("tokentropy.ask.enabled", () -> "true");
    registry.add("tokentropy.ask.upstream", () -> "model");
    registry.add("tokentropy.ask.max-parallel", () -> "4");
  }

  @AfterAll
  static void stop() throws IOException {
    MODEL.close();
  }

  private int before;

  @BeforeEach
  void usual() {
    MODEL.on(CHAT, usual("Paul", "The apostle Paul", "It was Tertius"));
    before = MODEL.asked().size();
  }

  private List<Asked> calls() {
    List<Asked> all = MODEL.asked();
    return all.subList(before, all.size());
  }

  /** Writes three wordings where it is asked for them, and draws its answers in turn otherwise. */
  private static Script usual(String... answers) {
    return (asked, wire) -> {
      JsonNode body = JSON.readTree(asked.body());
      String prompt =
          body.at("/messages").get(body.get("messages").size() - 1).get("content").asString();
      int n = body.path("n").asInt(1);
      var choices = new ArrayList<Map<String, Object>>();
      for (int i = 0; i < n; i++) {
        String text =
            prompt.startsWith("Write ")
                ? "Here you are:\n"
                    + "1. \"Romans: who wrote it?\"\n"
                    + "2. Who penned Romans?\n"
                    + "3. Whose is Romans?"
                : answers[(i + prompt.length()) % answers.length];
        choices.add(
            Map.of("index", i, "message", Map.of("content", text), "finish_reason", "stop"));
      }
      wire.whole(
          200,
          "application/json",
          JSON.writeValueAsString(
              Map.of(
                  "model",
                  "scripted-1-0613",
                  "system_fingerprint",
                  "fp_7",
                  "choices",
                  choices,
                  "usage",
                  Map.of("prompt_tokens", 10, "completion_tokens", 3 * n))));
    };
  }

  private Reply ask(String more) {
    return post(PATH, CALLER.formatted(more.isEmpty() ? "" : "," + more));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          "seed":0
          "unit":"bit","mapping":"clipped","marginal_x":"paper"
          "pooled":true,"symmetrize":true,"return":["diagonal"]
          "bootstrap":{"draws":7,"seed":3},"return":["per_draw"]
          "temperatures":[0.2,0.7,1.4]
          "return":["matrices"],"temperatures":[0.2,1.4],"unit":"bit"
          """)
  void theScoreIsThatOfTheRequestByteForByte(String options) {
    Reply reply = ask(options.equals("\"seed\":0") ? "" : options).ok();
    assertThat(reply.header("X-Tokentropy-Pure")).isEqualTo("false");
    String again = post("/v1/inv-entropy", reply.json().get("request").toString()).ok().text();
    assertThat(reply.text()).startsWith(again.substring(0, again.length() - 1) + ",\"");
    assertThat(reply.json().at("/complete").asBoolean()).isTrue();
  }

  @Test
  void everythingThatTheScoreRestsOnIsHandedOut() {
    JsonNode answer = ask("\"sampling\":{\"temperature\":0.9,\"seed\":5}").ok().json();
    assertThat(answer.at("/data")).hasSize(1);
    assertThat(answer.at("/evidence/prompts")).hasSize(4);
    JsonNode first = answer.at("/evidence/prompts/0");
    assertThat(first.at("/text").asString()).isEqualTo("Who wrote the letter to the Romans?");
    assertThat(first.at("/origin").asString()).isEqualTo("original");
    assertThat(first.at("/similarity").asDouble()).isBetween(1 - 1e-9, 1 + 1e-9);
    assertThat(first.at("/answers")).hasSize(3);
    assertThat(answer.at("/evidence/prompts/3/origin").asString()).isEqualTo("caller");
    assertThat(answer.at("/evidence/prompts/3/similarity").asDouble()).isBetween(0.5, 0.99999);
    assertThat(answer.at("/usage"))
        .isEqualTo(
            JSON.readTree(
                """
                {"calls":4,"failed":0,"prompt_tokens":40,"cached_tokens":0,"completion_tokens":36,
                 "charged_tokens":76,"cost":1.84E-4}
                """));
    assertThat(answer.at("/provenance/upstream").asString()).isEqualTo("model");
    assertThat(answer.at("/provenance/models/0").asString()).isEqualTo("scripted-1-0613");
    assertThat(answer.at("/provenance/system_fingerprints/0").asString()).isEqualTo("fp_7");
    assertThat(answer.at("/provenance/reproducible").asBoolean()).isFalse();
    assertThat(answer.at("/provenance/sampling/seed").asInt()).isEqualTo(5);
    assertThat(answer.at("/request/long_texts").asString()).isEqualTo("mean");
  }

  /** What is sent is what the request says, and nothing else. */
  @Test
  void theServerGetsTheConversationAndTheSampling() {
    post(
            PATH,
            """
            {"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Who?"},
               {"role":"assistant","content":"Paul."},{"role":"user","content":"Who wrote Romans?"}],
             "perturbations":{"method":"caller","texts":["A?","B?"]},"answers_per_prompt":2,
             "answer_suffix":"One name only.","logprobs":true,
             "sampling":{"temperature":0.5,"top_p":0.9,"max_tokens":7,"stop":["\\n"]}}
            """)
        .ok();
    assertThat(calls().stream().map(each -> JSON.readTree(each.body())))
        .contains(
            JSON.readTree(
                """
                {"model":"scripted-1","messages":[{"role":"system","content":"Be brief."},
                   {"role":"user","content":"Who?"},{"role":"assistant","content":"Paul."},
                   {"role":"user","content":"A? One name only."}],
                 "temperature":0.5,"top_p":0.9,"max_tokens":7,"n":2,"stop":["\\n"],"logprobs":true}
                """))
        .hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({"model, 5, 1", "one, 13, 1"})
  void thePlanIsWhatIsCalled(String upstream, int calls, int perturbing) {
    String body =
        """
        {"question":"Who wrote Romans?","perturbations":{"count":3},"answers_per_prompt":3,
         "upstream":"%s"%s}
        """;
    JsonNode planned = post(PATH, body.formatted(upstream, ",\"dry_run\":true")).ok().json();
    assertThat(calls()).isEmpty();
    assertThat(planned.at("/plan/calls").asInt()).isEqualTo(calls);
    assertThat(planned.at("/plan/perturbing_calls").asInt()).isEqualTo(perturbing);
    assertThat(planned.at("/within_budget").asBoolean()).isTrue();
    JsonNode answer = post(PATH, body.formatted(upstream, "")).ok().json();
    assertThat(calls()).hasSize(calls);
    assertThat(answer.at("/usage/calls").asInt()).isEqualTo(calls);
    assertThat(answer.at("/usage/charged_tokens").asInt())
        .isLessThanOrEqualTo(planned.at("/plan/max_tokens").asInt());
    assertThat(answer.at("/evidence/prompts").findValuesAsString("text"))
        .contains("Romans: who wrote it?", "Who penned Romans?", "Whose is Romans?");
    assertThat(answer.at("/provenance/paraphrase_prompt_version").asString()).isEqualTo("1");
  }

  @Test
  void aBudgetThatIsTooSmallIsRefusedWithThePlanBeforeACall() {
    JsonNode problem = ask("\"budget\":{\"max_calls\":3}").problem(422, "budget_too_small").json();
    assertThat(calls()).isEmpty();
    assertThat(problem.at("/plan/calls").asInt()).isEqualTo(4);
    assertThat(problem.at("/budget/max_calls").asInt()).isEqualTo(3);
    assertThat(
            ask("\"budget\":{\"max_calls\":3},\"dry_run\":true")
                .ok()
                .at("/within_budget")
                .asBoolean())
        .isFalse();
    ask("\"budget\":{\"max_tokens\":100},\"stream\":true").problem(422, "budget_too_small");
  }

  @Test
  void tooLittleIsAnErrorWithAllThatWasPaidFor() {
    MODEL.on(
        CHAT,
        usual("Paul"),
        usual("Paul"),
        ScriptedUpstream.status(500, "{\"error\":\"who wrote the letter\"}"));
    Reply reply = ask("");
    JsonNode problem = reply.problem(502, "upstream_incomplete").json();
    assertThat(
            problem.at("/evidence/prompts").findValues("answers").stream().mapToInt(JsonNode::size))
        .containsExactlyInAnyOrder(3, 3, 0, 0);
    assertThat(problem.at("/usage/calls").asInt()).isEqualTo(4);
    assertThat(problem.at("/usage/failed").asInt()).isEqualTo(2);
    assertThat(problem.at("/detail").asString()).contains("status 500");
    assertThat(problem.at("/warnings").findValuesAsString("code"))
        .contains("fewer_answers", "failed_calls");
    assertThat(reply.text()).doesNotContain("\"error\"");
  }

  @Test
  void aPromptWithoutAnswersIsLeftOutWithAWarning() {
    MODEL.on(CHAT, ScriptedUpstream.status(500, "{}"), usual("Paul", "Tertius"));
    JsonNode answer = ask("").ok().json();
    assertThat(answer.at("/data/0/n").asInt()).isEqualTo(3);
    assertThat(answer.at("/complete").asBoolean()).isFalse();
    assertThat(answer.at("/warnings").findValuesAsString("code")).contains("dropped_prompts");
    assertThat(answer.at("/request/texts_x")).hasSize(3);
  }

  @Test
  void severalTemperaturesGiveTsuWithItsEvidence() {
    JsonNode answer = ask("\"temperatures\":[0.2,0.7,1.4]").ok().json();
    assertThat(calls()).hasSize(12);
    assertThat(answer.at("/data")).hasSize(3);
    assertThat(answer.at("/request/items")).hasSize(3);
    assertThat(answer.at("/evidence/prompts/0/answers")).hasSize(9);
    JsonNode again =
        post("/v1/evaluation/tsu", answer.at("/tsu/request").toString()).ok().at("/data/0");
    assertThat(answer.at("/tsu/tsu")).isEqualTo(again.get("tsu"));
    assertThat(answer.at("/tsu/pairwise")).isEqualTo(again.get("pairwise"));
  }

  /** A server that says how likely each of its answers was. */
  private static Script likely(double logprob, String... answers) {
    return (asked, wire) -> {
      var choices = new ArrayList<Map<String, Object>>();
      int n = JSON.readTree(asked.body()).path("n").asInt(1);
      for (int i = 0; i < n; i++) {
        Map<String, Object> token = Map.of("token", "t", "logprob", logprob * (i + 1));
        choices.add(
            Map.of(
                "index",
                i,
                "message",
                Map.of("content", answers[i % answers.length]),
                "finish_reason",
                "stop",
                "logprobs",
                Map.of("content", List.of(token, token))));
      }
      wire.whole(200, "application/json", JSON.writeValueAsString(Map.of("choices", choices)));
    };
  }

  /** The {@code data} of an answer of {@code /v1/uncertainty}, as it was written. */
  private String measured(JsonNode answer) {
    String text = post("/v1/uncertainty", answer.get("uncertainty_request").toString()).ok().text();
    int start = text.indexOf("\"data\":") + "\"data\":".length();
    int end = text.contains(",\"warnings\":") ? text.indexOf(",\"warnings\":") : text.length() - 1;
    return text.substring(start, end);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          "measures":["lexical"]
          "measures":["lexical","spectral","kle","consistency","semantic_classes"]
          "measures":["spectral","kle"],"options":{"spectral":{"threshold":0.25,"unit_diagonal":false},"kle":{"t":2}}
          "measures":["sequence","mc_entropy","semantic_entropy","sentence_sar"],"logprobs":true
          "measures":["mc_entropy","kle"],"logprobs":true,"unit":"bit"
          "measures":["lexical","mc_entropy"],"logprobs":true,"temperatures":[0.2,1.4],"unit":"bit"
          "measures":["lexical","kle"],"return":["diagonal"],"bootstrap":{"draws":3}
          """)
  void otherMeasuresAreThoseOfUncertaintyByteForByte(String options) {
    MODEL.on(CHAT, likely(-0.3, "Paul", "The apostle Paul", "It was Tertius"));
    Reply reply = ask(options).ok();
    assertThat(reply.text()).contains(",\"uncertainty\":" + measured(reply.json()) + ",");
    String again = post("/v1/inv-entropy", reply.json().get("request").toString()).ok().text();
    assertThat(reply.text()).startsWith(again.substring(0, again.length() - 1) + ",\"");
  }

  /** Three answers of two tokens each, whose sums are -0.6, -1.2 and -1.8: a mean of 1.2 nats. */
  @Test
  void theAnswersToTheQuestionInItsOwnWordsAreMeasured() {
    MODEL.on(
        CHAT,
        (asked, wire) ->
            likely(-0.3, asked.body().contains("Who wrote the letter") ? "Paul" : "Tertius")
                .answer(asked, wire));
    JsonNode answer =
        ask("\"measures\":[\"mc_entropy\",\"lexical\"],\"logprobs\":true").ok().json();
    assertThat(calls()).hasSize(4);
    assertThat(answer.get("uncertainty_request"))
        .isEqualTo(
            JSON.readTree(
                """
                {"texts":["Paul","Paul","Paul"],"sequence_logprobs":[-0.6,-1.2,-1.7999999999999998],
                 "lengths":[2,2,2],"measures":["mc_entropy","lexical"]}
                """));
    assertThat(answer.at("/uncertainty")).hasSize(1);
    assertThat(answer.at("/uncertainty/0/n").asInt()).isEqualTo(3);
    assertThat(answer.at("/uncertainty/0/mc_entropy/entropy").asDouble())
        .isBetween(1.2 - 1e-12, 1.2 + 1e-12);
    assertThat(answer.at("/uncertainty/0/lexical/uncertainty").asDouble()).isZero();
  }

  @Test
  void noneAreMeasuredUnlessTheyAreNamed() {
    JsonNode answer = ask("").ok().json();
    assertThat(answer.has("uncertainty")).isFalse();
    assertThat(answer.has("uncertainty_request")).isFalse();
  }

  /** The score is paid for; a server that keeps its log-probabilities to itself spoils nothing. */
  @Test
  void whatCameAndAllowsNoMeasureIsAWarningBesideTheScore() {
    JsonNode answer = ask("\"measures\":[\"sequence\"],\"logprobs\":true").ok().json();
    assertThat(answer.has("uncertainty")).isFalse();
    assertThat(answer.at("/uncertainty_request/texts")).hasSize(3);
    assertThat(answer.at("/warnings/0/code").asString()).isEqualTo("unmeasured");
    assertThat(answer.at("/warnings/0/message").asString()).contains("sequence needs");
    post("/v1/uncertainty", answer.get("uncertainty_request").toString())
        .problem(422, "missing_input");
  }

  @Test
  void aQuestionWithoutAnswersInItsOwnWordsIsScoredByTheOthersAndNotMeasured() {
    Script usual = usual("Paul", "Tertius");
    MODEL.on(
        CHAT,
        (asked, wire) ->
            (asked.body().contains("Who wrote the letter")
                    ? ScriptedUpstream.status(500, "{}")
                    : usual)
                .answer(asked, wire));
    JsonNode answer = ask("\"measures\":[\"lexical\"]").ok().json();
    assertThat(answer.at("/data/0/n").asInt()).isEqualTo(3);
    assertThat(answer.has("uncertainty_request")).isFalse();
    assertThat(answer.at("/warnings").findValuesAsString("code"))
        .startsWith("unmeasured")
        .contains("dropped_prompts");
  }

  @Test
  void aTemperatureWithoutAnswersToMeasureSaysSoInItsPlace() {
    Script usual = usual("Paul", "Tertius");
    MODEL.on(
        CHAT,
        (asked, wire) -> {
          JsonNode body = JSON.readTree(asked.body());
          boolean fails =
              asked.body().contains("Who wrote the letter")
                  && body.get("temperature").asDouble() == 0.2;
          (fails ? ScriptedUpstream.status(500, "{}") : usual).answer(asked, wire);
        });
    Reply reply = ask("\"measures\":[\"lexical\"],\"temperatures\":[0.2,1.4]").ok();
    JsonNode answer = reply.json();
    assertThat(answer.at("/uncertainty")).hasSize(2);
    assertThat(answer.at("/uncertainty/0/error/code").asString()).isEqualTo("missing_input");
    assertThat(answer.at("/uncertainty/1/n").asInt()).isEqualTo(3);
    assertThat(reply.text()).contains(",\"uncertainty\":" + measured(answer) + ",");
  }

  @Test
  void aStreamEndsWithTheMeasuresAndADryRunHasNone() {
    Reply reply = ask("\"measures\":[\"lexical\",\"kle\"],\"stream\":true");
    JsonNode result = data(reply).getLast();
    assertThat(reply.text()).contains(",\"uncertainty\":" + measured(result) + ",");
    int calls = calls().size();
    JsonNode planned = ask("\"measures\":[\"lexical\"],\"dry_run\":true").ok().json();
    assertThat(planned).isEqualTo(ask("\"dry_run\":true").ok().json());
    ask("\"measures\":[\"sar\"],\"dry_run\":true").problem(422, "missing_input");
    ask("\"measures\":[\"sar\"],\"stream\":true").problem(422, "missing_input");
    assertThat(calls()).hasSize(calls);
  }

  /** Bred wordings are those of {@code /v1/perturbations} under the same options. */
  @Test
  void gaapWordsTheQuestionWithoutACall() {
    String options =
        "\"method\":\"gaap\",\"count\":4,\"seed\":7,\"generations\":4,\"similarity\":\"overlap\"";
    JsonNode answer =
        post(
                PATH,
                "{\"question\":\"Which golfers won the 1953 Masters?\",\"perturbations\":{%s}}"
                    .formatted(options))
            .ok()
            .json();
    assertThat(calls()).hasSize(5);
    JsonNode bred =
        post(
                "/v1/perturbations",
                "{\"text\":\"Which golfers won the 1953 Masters?\",%s}".formatted(options))
            .ok()
            .json();
    for (int i = 0; i < 4; i++) {
      JsonNode prompt = answer.at("/evidence/prompts/" + (i + 1));
      assertThat(prompt.get("text")).isEqualTo(bred.at("/perturbations/" + i + "/text"));
      assertThat(prompt.get("generation"))
          .isEqualTo(bred.at("/perturbations/" + i + "/generation"));
      assertThat(prompt.get("origin").asString()).isEqualTo("gaap");
    }
    assertThat(answer.at("/provenance/wordnet").asString()).isEqualTo("3.1");
    String again = post("/v1/inv-entropy", answer.get("request").toString()).ok().text();
    assertThat(JSON.readTree(again).get("data")).isEqualTo(answer.get("data"));
  }

  @Test
  void aStreamTellsHowItGoesOn() {
    Reply reply = ask("\"stream\":true");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).startsWith("text/event-stream");
    assertThat(reply.header("X-Tokentropy-Pure")).isEqualTo("false");
    List<String> names =
        reply
            .text()
            .lines()
            .filter(line -> line.startsWith("event: "))
            .map(line -> line.substring(7))
            .toList();
    assertThat(names).startsWith("plan", "perturbation", "perturbation", "perturbation");
    assertThat(names).endsWith("result");
    assertThat(names.stream().filter("answer"::equals)).hasSize(12);
    assertThat(names.stream().filter("progress"::equals)).hasSize(4);
    JsonNode result = data(reply).getLast();
    String again = post("/v1/inv-entropy", result.get("request").toString()).ok().text();
    assertThat(reply.text()).contains("data: " + again.substring(0, again.length() - 1) + ",\"");
    JsonNode progress = data(reply).get(data(reply).size() - 2);
    assertThat(progress.get("calls").asInt()).isEqualTo(4);
    assertThat(progress.get("of").asInt()).isEqualTo(4);
  }

  @Test
  void aStreamThatFailsEndsWithTheProblemAndTheEvidence() {
    MODEL.on(CHAT, usual("Paul"), ScriptedUpstream.status(500, "{}"));
    Reply reply = ask("\"stream\":true");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text().lines().filter(line -> line.startsWith("event: ")))
        .contains("event: plan")
        .endsWith("event: error");
    JsonNode problem = data(reply).getLast();
    assertThat(problem.get("code").asString()).isEqualTo("upstream_incomplete");
    assertThat(problem.at("/evidence/prompts")).hasSize(4);
  }

  private static List<JsonNode> data(Reply reply) {
    return reply
        .text()
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> JSON.readTree(line.substring(6)))
        .toList();
  }

  /** The caller goes while all calls are under way: every one of them is closed upstream. */
  @ParameterizedTest
  @CsvSource({"false", "true"})
  void whoGoesEndsAllCalls(boolean stream) throws Exception {
    var under = new CountDownLatch(4);
    var gone = new CountDownLatch(4);
    MODEL.on(
        CHAT,
        (asked, wire) -> {
          under.countDown();
          try {
            wire.hang();
          } finally {
            gone.countDown();
          }
        });
    String body = CALLER.formatted(",\"stream\":" + stream);
    try (var socket = new Socket("localhost", uri("").getPort())) {
      socket
          .getOutputStream()
          .write(
              ("POST "
                      + PATH
                      + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                      + "Content-Length: "
                      + body.getBytes(StandardCharsets.UTF_8).length
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.UTF_8));
      under.await();
    }
    gone.await();
    assertThat(calls()).hasSize(4);
  }

  /** A run takes no core while it waits: more runs than cores wait, and others are answered. */
  @Test
  void othersAreAnsweredWhileModelsThink() throws Exception {
    var go = new CountDownLatch(1);
    var under = new CountDownLatch(16);
    Script usual = usual("Paul");
    MODEL.on(
        CHAT,
        (asked, wire) -> {
          under.countDown();
          go.await();
          usual.answer(asked, wire);
        });
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Reply>> replies =
          Stream.generate(() -> callers.submit(() -> ask(""))).limit(4).toList();
      under.await();
      get("/v1/entropy?probs=0.5,0.5").ok();
      go.countDown();
      for (Future<Reply> reply : replies) {
        reply.get().ok();
      }
    }
  }

  @Test
  void callsAreCountedByPurposeAndOutcome() {
    double answered = counted("purpose=\"answer\"", "answered");
    double failed = counted("purpose=\"answer\"", "failed");
    MODEL.on(CHAT, ScriptedUpstream.status(500, "{}"), usual("Paul"));
    ask("").ok();
    assertThat(counted("purpose=\"answer\"", "answered")).isEqualTo(answered + 3);
    assertThat(counted("purpose=\"answer\"", "failed")).isEqualTo(failed + 1);
  }

  private double counted(String purpose, String outcome) {
    return get("/metrics")
        .ok()
        .text()
        .lines()
        .filter(line -> line.startsWith("tokentropy_ask_calls_total{"))
        .filter(line -> line.contains(purpose) && line.contains("\"" + outcome + "\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {}                                                              | missing_input          |
          {"question":" "}                                                | parameter_out_of_range | /question
          {"question":"a","messages":[]}                                  | conflicting_inputs     | /messages
          {"messages":[{"role":"system","content":"a"}]}                  | missing_input          | /messages
          {"messages":[{"role":"tool","content":"a"}]}                    | parameter_out_of_range | /messages/0/role
          {"question":"a","upstream":"http://evil"}                       | parameter_out_of_range | /upstream
          {"question":"a","paraphraser":"none"}                           | parameter_out_of_range | /paraphraser
          {"question":"a","perturbations":{"count":1}}                    | parameter_out_of_range | /perturbations/count
          {"question":"a","perturbations":{"texts":["b"]}}                | conflicting_inputs     | /perturbations/texts
          {"question":"a","perturbations":{"method":"caller"}}            | missing_input          | /perturbations
          {"question":"a","perturbations":{"method":"caller","texts":["b"]}} | shape_mismatch      | /perturbations/texts
          {"question":"Who won?","perturbations":{"method":"gaap","count":1}} | parameter_out_of_range | /perturbations/count
          {"question":"Who won?","perturbations":{"method":"gaap","senses":"one"}} | parameter_out_of_range | /perturbations/senses
          {"question":"Who won?","perturbations":{"method":"gaap","texts":["b"]}} | unknown_field   | /perturbations/texts
          {"question":"of the","perturbations":{"method":"gaap","similarity":"overlap"}} | parameter_out_of_range | /question
          {"question":"a","perturbations":{"methd":"llm"}}                | unknown_field          | /perturbations/methd
          {"question":"a","answers_per_prompt":0}                         | parameter_out_of_range | /answers_per_prompt
          {"question":"a","answers_per_prompt":2,"min_answers":3}         | parameter_out_of_range | /min_answers
          {"question":"a","sampling":{"temperature":-1}}                  | parameter_out_of_range | /sampling/temperature
          {"question":"a","sampling":{"max_tokens":0}}                    | parameter_out_of_range | /sampling/max_tokens
          {"question":"a","sampling":{"top_p":0}}                         | parameter_out_of_range | /sampling/top_p
          {"question":"a","sampling":{"stop":[""]}}                       | parameter_out_of_range | /sampling/stop/0
          {"question":"a","temperatures":[1]}                             | parameter_out_of_range | /temperatures
          {"question":"a","temperatures":[1,0.5]}                         | parameter_out_of_range | /temperatures/1
          {"question":"a","temperatures":[0,1],"sampling":{"temperature":1}} | conflicting_inputs  | /temperatures
          {"question":"a","budget":{"max_calls":1000}}                    | parameter_out_of_range | /budget/max_calls
          {"question":"a","mapping":"round"}                              | parameter_out_of_range | /mapping
          {"question":"a","bootstrap":{"draws":0}}                        | parameter_out_of_range | /bootstrap/draws
          {"question":"a","bootstrap":{"draws":100000}}                   | limit_exceeded         | /bootstrap/draws
          {"question":"a","exhaustive":true}                              | limit_exceeded         | /exhaustive
          {"question":"a","return":["everything"]}                        | parameter_out_of_range | /return/0
          {"question":"a","measures":[]}                                  | missing_input          | /measures
          {"question":"a","measures":["lexcal"]}                          | parameter_out_of_range | /measures/0
          {"question":"a","measures":["lexical","sequence"]}              | missing_input          | /measures
          {"question":"a","measures":["sar"],"logprobs":true}             | missing_input          | /measures
          {"question":"a","measures":["lexical"],"answers_per_prompt":1}  | missing_input          | /measures
          {"question":"a","measures":["kle"],"options":{"kle":{"t":-1}}}  | parameter_out_of_range | /options/kle/t
          {"question":"a","measures":["kle"],"options":{"kle":{"tee":1}}} | unknown_field          | /options/kle/tee
          {"question":"a","measures":["kle"],"options":{"kel":{}}}        | unknown_field          | /options/kel
          {"question":"a","measures":["kle"],"options":{"kle":[1]}}       | wrong_type             | /options/kle
          {"question":"a","options":{"kle":{"t":1}}}                      | conflicting_inputs     | /options
          {"question":"a","questoin":"b"}                                 | unknown_field          | /questoin
          """)
  void whatCannotBeAskedOrScoredIsRefusedBeforeACall(String body, String code, String pointer) {
    Reply reply = post(PATH, body);
    reply.problem(code.equals("limit_exceeded") ? 413 : 422, code);
    assertThat(reply.at("/errors/0/pointer").asString()).isEqualTo(pointer == null ? "" : pointer);
    assertThat(calls()).isEmpty();
  }
}
