package io.tokentropy.entailment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.entailment.Judge.Pair;
import io.tokentropy.entailment.Judge.Verdict;
import io.tokentropy.upstream.Upstream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Matrices of what answers say of each other, and a judge that is a chat model. */
class VerdictsTest {
  private final ConcurrentLinkedQueue<Pair> asked = new ConcurrentLinkedQueue<>();

  /** Longer answers say what their beginnings say; "no" contradicts all. */
  private final Judge judge =
      new Judge() {
        @Override
        public String model() {
          return "by hand";
        }

        @Override
        public int atOnce() {
          return 3;
        }

        @Override
        public Verdict judge(Pair pair) {
          asked.add(pair);
          return new Verdict(
              pair.first().startsWith(pair.second()) ? 0.9 : 0.1,
              pair.second().equals("no") ? 0.8 : 0,
              pair.first().length() / 100.0);
        }
      };

  @Test
  void eachPairOfDifferentAnswersIsAskedOnceInBothDirections() {
    var verdicts = new Verdicts(judge);
    var found = verdicts.of("where?", List.of("Paris", "Paris, France", "no", "Paris"));
    assertThat(found.entails().toArray(double[][]::new))
        .isDeepEqualTo(
            new double[][] {
              {1, 0.1, 0.1, 1}, {0.9, 1, 0.1, 0.9}, {0.1, 0.1, 1, 0.1}, {1, 0.1, 0.1, 1}
            });
    assertThat(found.contradicts().toArray(double[][]::new))
        .isDeepEqualTo(
            new double[][] {{0, 0, 0.8, 0}, {0, 0, 0.8, 0}, {0, 0, 0, 0}, {0, 0, 0.8, 0}});
    assertThat(found.width()).isEqualTo(0.13);
    assertThat(asked).hasSize(6).doesNotHaveDuplicates();
    assertThat(Verdicts.pairs(List.of("Paris", "Paris, France", "no", "Paris"))).isEqualTo(6);
    verdicts.of("where?", List.of("no", "Paris"));
    assertThat(asked).hasSize(6);
    verdicts.of("whither?", List.of("no", "Paris"));
    assertThat(asked).hasSize(8);
    verdicts.of(null, List.of("no"));
    assertThat(asked).hasSize(8);
  }

  /** Three wait for each other: fewer at once would wait for ever. */
  @Test
  void asManyAreAskedAtOnceAsTheJudgeTakes() {
    var three = new CyclicBarrier(3);
    var patient =
        new Judge() {
          @Override
          public String model() {
            return "patient";
          }

          @Override
          public int atOnce() {
            return 3;
          }

          @Override
          public Verdict judge(Pair pair) {
            try {
              three.await();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
            return Verdict.SAME;
          }
        };
    assertThat(new Verdicts(patient).of(null, List.of("a", "b", "c")).width()).isZero();
  }

  @Test
  void onePairThatCannotBeJudgedEndsAll() {
    var judge = new ChatJudge(body -> response("maybe", -0.1, "so", -3), "m", 2);
    assertThatThrownBy(() -> new Verdicts(judge).of(null, List.of("a", "b", "c")))
        .isInstanceOf(JudgeUnavailable.class)
        .hasMessage("the judge's best tokens hold neither yes, nor no, nor neither");
  }

  private static byte[] response(Object... tokens) {
    var list = new StringBuilder();
    for (int i = 0; i < tokens.length; i += 2) {
      list.append(i == 0 ? "" : ",")
          .append(
              String.format(Locale.ROOT, "{'token':'%s','logprob':%s}", tokens[i], tokens[i + 1]));
    }
    return ("{'choices':[{'index':0,'message':{'content':'.'},'logprobs':{'content':["
            + "{'token':' ','logprob':0,'top_logprobs':[{'token':' ','logprob':0}]},"
            + "{'token':'"
            + tokens[0]
            + "','logprob':"
            + tokens[1]
            + ",'top_logprobs':["
            + list
            + "]}]}}]}")
        .replace('\'', '"')
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Yes 1/2, YES 1/8, no 1/8, neither 1/8, other 1/8: of the three, 5/7, 1/7 and 1/7. */
  @Test
  void whatCountsIsHowProbableEachWordWasGivenThatItWasOneOfThem() {
    double eighth = -Math.log(8);
    var judge =
        new ChatJudge(
            body ->
                response(
                    "Yes",
                    -Math.log(2),
                    " YES",
                    eighth,
                    "no",
                    eighth,
                    "Neither",
                    eighth,
                    "so",
                    eighth),
            "m",
            1);
    Verdict found = judge.judge(new Pair(null, "a", "b"));
    assertThat(found.entails()).isCloseTo(5 / 7.0, within(1e-5));
    assertThat(found.contradicts()).isCloseTo(1 / 7.0, within(1e-5));
    assertThat(found.width()).isLessThan(1e-4);
  }

  /** A quarter is unseen, and may be any of the words: yes is at least 1/2 of 3/4. */
  @Test
  void whatIsNotSeenMakesTheVerdictWide() {
    var judge = new ChatJudge(body -> response("yes", -Math.log(2), "so", -Math.log(4)), "m", 1);
    Verdict found = judge.judge(new Pair(null, "a", "b"));
    assertThat(found.width()).isCloseTo(1 / 3.0, within(1e-4));
    assertThat(found.entails()).isCloseTo(5 / 6.0, within(1e-4));
  }

  @Test
  void theServerIsAskedForOneWordAndItsAlternatives() {
    var bodies = new ConcurrentLinkedQueue<JsonNode>();
    var judge =
        new ChatJudge(
            body -> {
              bodies.add(JsonMapper.shared().readTree(body));
              return response("yes", -0.1, "no", -3);
            },
            "small",
            1);
    judge.judge(new Pair("Where is the \"Louvre\"?", "In Paris", "In France"));
    JsonNode body = bodies.remove();
    assertThat(body.at("/model").asString()).isEqualTo("small");
    assertThat(body.at("/logprobs").asBoolean()).isTrue();
    assertThat(body.at("/top_logprobs").asInt()).isEqualTo(20);
    assertThat(body.at("/temperature").asInt()).isZero();
    assertThat(body.at("/messages/0/content").asString())
        .startsWith(
            """
            Question: Where is the "Louvre"?
            First answer: In Paris
            Second answer: In France
            """);
    judge.judge(new Pair(null, "a", "b"));
    assertThat(bodies.remove().at("/messages/0/content").asString()).startsWith("First answer: a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          nonsense                                                     | cannot be read
          {"choices":[{"index":0,"message":{"content":"yes"}}]}        | cannot be read
          {"choices":[]}                                               | cannot be read
          """)
  void anAnswerThatIsNoneIsTheJudgesFault(String answer, String message) {
    var judge = new ChatJudge(body -> answer.getBytes(StandardCharsets.UTF_8), "m", 1);
    assertThatThrownBy(() -> judge.judge(new Pair(null, "a", "b")))
        .isInstanceOf(JudgeUnavailable.class)
        .hasMessageContaining(message);
  }

  /** Nobody listens at port 1. */
  @Test
  void aServerThatIsDownSaysSo() {
    try (var nobody = new Upstream(URI.create("http://127.0.0.1:1"), Duration.ofSeconds(9), 99)) {
      var judge =
          new ChatJudge(
              body -> nobody.send(nobody.request().POST(BodyPublishers.ofByteArray(body))), "m", 1);
      assertThatThrownBy(() -> judge.judge(new Pair(null, "a", "b")))
          .isInstanceOf(JudgeUnavailable.class)
          .hasMessage("the server that judges entailment cannot be reached");
    }
  }
}
