package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.test.context.TestPropertySource;

/** Every limit: a request that just keeps it is answered, one that asks for one more is not. */
@TestPropertySource(
    properties = {
      "tokentropy.max-body-bytes=20000",
      "tokentropy.max-rows=8",
      "tokentropy.max-vocab=2000",
      "tokentropy.max-json-depth=5",
      "tokentropy.max-json-number-length=30",
      "tokentropy.max-json-name-length=40",
      "tokentropy.max-decoded-bytes=65536",
      "tokentropy.max-answer-entries=10",
      "tokentropy.max-steps=3",
      "tokentropy.max-nodes=40",
      "tokentropy.max-history=6",
      "tokentropy.max-observations=12",
      "tokentropy.max-window=8",
      "tokentropy.max-temperatures=4",
      "tokentropy.max-labels=2",
      "tokentropy.max-label-tokens=3",
      "tokentropy.max-inv-entropy-n=4",
      "tokentropy.max-inv-entropy-matrix=3",
      "tokentropy.max-inv-entropy-answers=6",
      "tokentropy.max-inv-entropy-operations=15200",
      "tokentropy.max-bootstrap-draws=20",
      "tokentropy.max-text-length=20",
      "tokentropy.max-perturbation-words=5",
      "tokentropy.max-generations=4",
      "tokentropy.max-population=12",
      "tokentropy.max-perturbation-embeddings=24",
      "tokentropy.max-spans=3",
      "tokentropy.max-windows=2",
      "tokentropy.max-pattern-length=10",
      "tokentropy.max-pattern-work=300",
      "tokentropy.max-texts-length=49",
      "tokentropy.max-line-bytes=200",
      "tokentropy.compressed-bodies=true"
    })
class LimitsTest extends ServiceTest {
  /** What all calls share, which {@link AdmissionTest} fills. */
  private static final Set<String> GATES =
      Set.of(
          "max_calls",
          "max_batches",
          "max_bytes_in_flight",
          "max_values_in_flight",
          "max_answers_in_flight",
          "max_queue",
          "deadline",
          "body_deadline",
          "compute_deadline",
          "slowest_reader");

  /** One limit: what keeps it, and what does not. */
  private record Case(String limit, String path, String most, String over) {}

  private static String repeat(String part, int n) {
    return IntStream.range(0, n).mapToObj(i -> part).collect(Collectors.joining(","));
  }

  private static Case of(String limit, String path, String format, Object most, Object over) {
    return new Case(
        limit,
        path,
        format.replace("@", most.toString()).replace('\'', '"'),
        format.replace("@", over.toString()).replace('\'', '"'));
  }

  private static Case list(String limit, String path, String format, String part, int most) {
    return of(limit, path, format, repeat(part, most), repeat(part, most + 1));
  }

  /** 400 · 36 + 4 · 9 · 20 = 15,120 multiplications. */
  private static final String QUESTION =
      "{'embeddings_x':[[1,0],[1,0],[1,0]],'embeddings_y':["
          + repeat("[1,0]", 6)
          + "],'answers_per_prompt':2,'bootstrap':{'draws':20}}";

  private static String bred(
      String text, Object first, Object parents, Object pairs, Object generations, String by) {
    return "{'text':'%s','map':{'q':['p']},'count':1,'population_limit':%s,'parents':%s,'pairs':%s,"
            .formatted(text, first, parents, pairs)
        + "'generations':%s,'similarity':'%s'}".formatted(generations, by);
  }

  private static final String TEXTS =
      "{'texts_x':['aaaaa','bbbbb','ccccc'],'texts_y':['aaaaa','bbbbb','@']}";

  private static final String WORDS =
      "{'spans':[{'name':'a','pattern':'@'}],"
          + "'openai':{'token':{'text':'aaaaaaaaaaaa','logprob':-1}}}";

  private static final List<Case> CASES =
      List.of(
          of(
              "max_body_bytes",
              "/v1/entropy",
              "{'probs':[1]@}",
              " ".repeat(19_987),
              " ".repeat(19_988)),
          list("max_rows", "/v1/entropy", "{'logits':[@]}", "[0,0]", 8),
          list("max_rows", "/v1/entropy", "{'entropies':[@]}", "1", 8),
          list(
              "max_rows",
              "/v1/ead",
              "{'sequences':[@],'config':{'threshold':1}}",
              "{'observations':[1]}",
              8),
          list(
              "max_rows",
              "/v1/inv-entropy",
              "{'items':[@]}",
              "{'sim_x':[[1,0],[0,1]],'sim_y':[[1,0],[0,1]]}",
              8),
          list("max_vocab", "/v1/entropy", "{'logits':[[@]]}", "0", 2000),
          list("max_vocab", "/v1/evaluation/binary", "{'series':[@]}", "1", 2000),
          of("max_vocab", "/v1/entropy", "{'top_logprobs':[[-1,-2]],'vocab_size':@}", 2000, 2001),
          of(
              "max_json_depth",
              "/v1/truncation",
              "{'probs':[1],'top_k':1,'compare':[{'sampler':'xtc','probability':1,'u':0,'protected_ids':[@]}]}",
              0,
              "[[0]]"),
          of(
              "max_json_number_length",
              "/v1/entropy",
              "{'logits':[0.@]}",
              "1".repeat(29),
              "1".repeat(30)),
          of(
              "max_decoded_bytes",
              "/v1/entropy",
              "{'logits':[[@]]}",
              repeat("1", 1500),
              repeat("[],1", 300)),
          of(
              "max_answer_entries",
              "/v1/truncation",
              "{'probs':[@],'top_k':20}",
              "0.1," + repeat("0.1", 9),
              "0.05," + repeat("0.05", 19)),
          of(
              "max_answer_entries",
              "/v1/entropy",
              "{'logits':[[0,0],[0,0]],'measures':['rank_of'],'ids':[@]}",
              repeat("1", 5),
              repeat("1", 6)),
          list(
              "max_steps",
              "/v1/truncation",
              "{'probs':[1],'steps':[@]}",
              "{'sampler':'top_k','k':1}",
              3),
          list(
              "max_steps",
              "/v1/truncation",
              "{'probs':[1],'top_k':1,'compare':[@]}",
              "{'top_k':1}",
              3),
          list(
              "max_history",
              "/v1/truncation",
              "{'probs':[1],'top_k':1,'prompt_ids':[0,0],'output_ids':[@]}",
              "0",
              4),
          of(
              "max_nodes",
              "/v1/truncation",
              "{'probs':[[0.5,0.5],[0.5,0.5]],'top_h':0.4,'exact':true,'node_limit':@}",
              20,
              21),
          of(
              "max_observations",
              "/v1/ead",
              "{'sequences':[{'observations':[1,1,1,1,1,1]},{'observations':[@]}],'config':{'threshold':1}}",
              repeat("1", 6),
              repeat("1", 7)),
          of(
              "max_observations",
              "/v1/ead",
              "{'simulate':[@],'observations':[1,1,1,1]}",
              repeat("{'threshold':1}", 3),
              repeat("{'threshold':1}", 4)),
          of(
              "max_window",
              "/v1/ead",
              "{'observations':[1],'config':{'threshold':1,'window':@}}",
              8,
              9),
          list("max_rows", "/v1/ensemble", "{'members':[@]}", "{'probs':[1]}", 8),
          list("max_rows", "/v1/ensemble", "{'items':[@]}", "{'probs':[1]}", 8),
          list(
              "max_rows",
              "/v1/compare",
              "{'reference':{'probs':[1]},'candidate':{'probs':[1]},'renyi_orders':[@]}",
              "2",
              8),
          list("max_answer_entries", "/v1/ensemble", "{'logits':[[@]]}", "0", 10),
          of(
              "max_answer_entries",
              "/v1/compare",
              "{'reference':{'logits':[0,0,0,0,0]},'candidate':{'logits':[@]},'coupling':'maximal'}",
              repeat("0", 6),
              repeat("0", 7)),
          list("max_temperatures", "/v1/evaluation/tsu", "{'scores':[[@]],'strict':false}", "1", 4),
          of(
              "max_labels",
              "/v1/labels",
              "{'top_logprobs':[[{'token':'a','logprob':-1}]],'labels':[@]}",
              "'a','b'",
              "'a','b','c'"),
          of(
              "max_labels",
              "/v1/labels",
              "{'candidates':[{'name':'a','logprobs':[-1]},@]}",
              "{'name':'b','logprobs':[-1]}",
              "{'name':'b','logprobs':[-1]},{'name':'c','logprobs':[-1]}"),
          list(
              "max_label_tokens",
              "/v1/labels",
              "{'probs':[0,1],'labels':[{'name':'a','tokens':[@]}]}",
              "1",
              3),
          list(
              "max_answer_entries",
              "/v1/labels",
              "{'labels':[{'name':'a','tokens':[0]}],'probs':[@]}",
              "[1,0]",
              3),
          of(
              "max_inv_entropy_n",
              "/v1/inv-entropy",
              "{'embeddings_x':[@],'embeddings_y':[@]}",
              repeat("[1,0]", 4),
              repeat("[1,0]", 5)),
          of(
              "max_inv_entropy_matrix",
              "/v1/inv-entropy",
              "{'embeddings_x':[@],'embeddings_y':[@],'return':['matrices']}",
              repeat("[1,0]", 3),
              repeat("[1,0]", 4)),
          of(
              "max_inv_entropy_answers",
              "/v1/inv-entropy",
              "{'sim_x':[[1,0],[0,1]],'sim_y':[@],'groups':[[0],[1,2,3,4,5]]}",
              square(6),
              square(7)),
          of(
              "max_inv_entropy_operations",
              "/v1/inv-entropy",
              "{'items':[@]}",
              QUESTION,
              QUESTION + "," + QUESTION),
          of(
              "max_bootstrap_draws",
              "/v1/inv-entropy",
              "{'sim_x':[[1,0],[0,1]],'sim_y':["
                  + square(4)
                  + "],'answers_per_prompt':2,'bootstrap':{'draws':@}}",
              20,
              21),
          of("max_text_length", "/v1/inv-entropy", TEXTS, "z".repeat(20), "z".repeat(21)),
          of(
              "max_texts_length",
              "/v1/inv-entropy",
              TEXTS.replace("ccccc", "c".repeat(10)),
              "z".repeat(19),
              "z".repeat(20)),
          of(
              "max_text_length",
              "/v1/perturbations",
              bred("q @", 1, 1, 1, 0, "overlap"),
              "w".repeat(18),
              "w".repeat(19)),
          of(
              "max_perturbation_words",
              "/v1/perturbations",
              bred("q @", 1, 1, 1, 0, "overlap"),
              "a b c d",
              "a b c d e"),
          list(
              "max_perturbation_words",
              "/v1/perturbations",
              "{'text':'q','map':{'q':['p']},'similarity':'overlap','count':1,'population_limit':1,"
                  + "'parents':1,'pairs':1,'generations':0,'key_words':[@]}",
              "'q'",
              5),
          of("max_generations", "/v1/perturbations", bred("q w", 1, 1, 1, "@", "overlap"), 4, 5),
          of("max_population", "/v1/perturbations", bred("q w", "@", 1, 1, 0, "overlap"), 12, 13),
          of("max_population", "/v1/perturbations", bred("q w", 1, "@", 2, 0, "overlap"), 4, 5),
          of(
              "max_perturbation_embeddings",
              "/v1/perturbations",
              bred("q w", "@", 1, 2, 2, "builtin"),
              8,
              9),
          list(
              "max_spans",
              "/v1/score",
              "{'spans':'json','openai':{'token':{'text':'[@]','logprob':-1}}}",
              "1",
              3),
          list(
              "max_windows",
              "/v1/score",
              "{'windows':[@]}",
              "{'openai':{'token':{'text':'a','logprob':-1}}}",
              2),
          of("max_pattern_length", "/v1/score", WORDS, "a".repeat(10), "a".repeat(11)),
          of("max_pattern_work", "/v1/score", WORDS, "a{12}", "a{40}"));

  private static String square(int n) {
    return repeat("[" + repeat("1", n) + "]", n);
  }

  @Test
  void everyLimitIsTestedHere() {
    var tested = new TreeSet<>(GATES);
    CASES.forEach(one -> tested.add(one.limit()));
    tested.addAll(List.of("max_json_name_length", "max_line_bytes", "max_header_bytes"));
    tested.add("max_compression_ratio"); // CompressedBodiesTest
    tested.add("max_cost"); // DearTest
    assertThat(new TreeSet<>(get("/v1/limits").ok().at("/limits").propertyNames()))
        .isEqualTo(tested);
  }

  @TestFactory
  Stream<DynamicTest> theMostIsAnsweredAndOneMoreIsNot() {
    return CASES.stream()
        .map(
            one ->
                dynamicTest(
                    one.limit() + " " + one.path(),
                    () -> {
                      post(one.path(), one.most()).ok();
                      refused(post(one.path(), one.over()), one.limit());
                    }));
  }

  /** The whole request is refused, or the item that went too far. */
  private static void refused(Reply reply, String limit) {
    boolean ofAnItem = reply.status() == 200;
    if (!ofAnItem) {
      reply.problem(413, "limit_exceeded");
    }
    assertThat(reply.text())
        .contains("\"code\":\"limit_exceeded\"")
        .contains("\"" + limit + " is ")
        .contains("TOKENTROPY_" + limit.toUpperCase(Locale.ROOT));
  }

  @Test
  void namesOfFields() {
    post("/v1/entropy", "{\"" + "a".repeat(40) + "\":1,\"probs\":[1]}")
        .problem(422, "unknown_field");
    refused(
        post("/v1/entropy", "{\"" + "a".repeat(41) + "\":1,\"probs\":[1]}"),
        "max_json_name_length");
  }

  @Test
  void linesOfABatch() {
    String line = "{\"probs\":[1]" + " ".repeat(187) + "}";
    assertThat(line).hasSize(200);
    for (String sent : List.of(line, line + " ")) {
      Reply reply =
          send(
              request("/v1/batch?url=/v1/entropy")
                  .header("Content-Type", "application/x-ndjson")
                  .POST(BodyPublishers.ofString(sent + "\n")));
      assertThat(reply.ok().text().contains("max_line_bytes is 200"))
          .isEqualTo(sent.length() > 200);
    }
  }

  @Test
  void headers() {
    Reply most = send(request("/v1/limits").header("X-Padding", "x".repeat(7800)));
    most.ok();
    Reply over = send(request("/v1/limits").header("X-Padding", "x".repeat(8192)));
    assertThat(over.status()).isEqualTo(400);
    assertThat(over.text()).doesNotContain("Tomcat", "Exception", "\tat ");
  }

  private static byte[] gzip(String text) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private Reply compressed(byte[] body) {
    return send(
        request("/v1/entropy")
            .header("Content-Type", "application/json")
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofByteArray(body)));
  }

  @Test
  void compressedBodiesCountUnpacked() {
    String body = "{\"probs\":[1]}";
    assertThat(compressed(gzip(body)).ok().text()).isEqualTo(post("/v1/entropy", body).text());
    compressed(gzip("{\"probs\":[1]" + " ".repeat(19_987) + "}")).ok();
    refused(compressed(gzip("{\"probs\":[1]" + " ".repeat(19_988) + "}")), "max_body_bytes");
  }

  @Test
  void whatIsNoGzipIsMalformed() {
    byte[] whole = gzip("{\"probs\":[1]}");
    compressed(Arrays.copyOf(whole, whole.length - 6)).problem(400, "malformed_json");
    compressed("{\"probs\":[1]}".getBytes(StandardCharsets.UTF_8)).problem(400, "malformed_json");
    send(request("/v1/entropy")
            .header("Content-Type", "application/json")
            .header("Content-Encoding", "zstd")
            .POST(BodyPublishers.ofByteArray(whole)))
        .problem(415, "unsupported_media_type");
  }
}
