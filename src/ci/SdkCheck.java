import io.tokentropy.client.ApiClient;
import io.tokentropy.client.ApiException;
import io.tokentropy.client.api.EngineApi;
import io.tokentropy.client.api.EntropyApi;
import io.tokentropy.client.api.ScoreApi;
import io.tokentropy.client.api.SwitchingApi;
import io.tokentropy.client.api.TruncationApi;
import io.tokentropy.client.api.UncertaintyApi;
import io.tokentropy.client.model.EadConfig;
import io.tokentropy.client.model.EadRequest;
import io.tokentropy.client.model.EntropyRequest;
import io.tokentropy.client.model.InvEntropyRequest;
import io.tokentropy.client.model.ObservationObject;
import io.tokentropy.client.model.Problem;
import io.tokentropy.client.model.SampleRequest;
import io.tokentropy.client.model.ScoreRequest;
import io.tokentropy.client.model.StepRequest;
import io.tokentropy.client.model.Tier;
import io.tokentropy.client.model.TopLogprob;
import io.tokentropy.client.model.TruncationRequest;
import io.tokentropy.client.model.Unit;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Calls the service through the Java client that {@code src/ci/sdk} makes from its contract. */
public final class SdkCheck {
  private static int checks;

  private static void same(Object found, Object wanted) {
    checks++;
    if (!wanted.equals(found)) {
      throw new AssertionError("check " + checks + ": found " + found + ", expected " + wanted);
    }
  }

  public static void main(String[] args) throws Exception {
    var client = new ApiClient();
    client.updateBaseUri(args[0]);

    var entropy = new EntropyApi(client);
    var uniform = new EntropyRequest().logits(List.of(List.of(0, 0, 0, 0))).unit(Unit.BIT);
    same(
        entropy.entropy(uniform, null, null, null).getData().getFirst().getEntropy().doubleValue(),
        2.0);
    var masked =
        new EntropyRequest().logits(Arrays.asList(1.5, "-Infinity", 1.5, null)).unit(Unit.BIT);
    same(
        entropy.entropy(masked, null, null, null).getData().getFirst().getEntropy().doubleValue(),
        1.0);
    var partial =
        new EntropyRequest()
            .topLogprobs(
                List.of(
                    List.of(
                        new TopLogprob().token(" a").logprob(-0.25),
                        new TopLogprob().token(" b").logprob(-2))))
            .vocabSize(1000);
    var between = entropy.entropy(partial, null, null, null).getData().getFirst();
    same(between.getExact(), false);
    same(between.getEntropyLow().doubleValue() < between.getEntropyHigh().doubleValue(), true);
    same(between.getTop().getToken(), " a");

    var kept =
        new TruncationApi(client)
            .truncation(
                new TruncationRequest()
                    .logits(List.of(List.of(3, 2, 1, 0)))
                    .topH(BigDecimal.valueOf(0.4)),
                null,
                null,
                null,
                null);
    same(kept.getData().getFirst().getKeptIds(), List.of(0));
    same(kept.getSteps().getFirst().getSampler().getValue(), "top_h");

    var switching = new SwitchingApi(client);
    var config = new EadConfig().threshold(BigDecimal.ONE).window(1);
    var first =
        switching
            .ead(
                new EadRequest()
                    .config(config)
                    .observations(
                        Arrays.asList(
                            0.1,
                            null,
                            2.0,
                            new ObservationObject()
                                .lower(BigDecimal.valueOf(1.5))
                                .upper(BigDecimal.valueOf(3)))))
            .getData()
            .getFirst();
    same(first.getNext().getModel(), Tier.LARGE);
    var second =
        switching
            .ead(new EadRequest().config(config).addObservationsItem(0.2).state(first.getState()))
            .getData()
            .getFirst();
    same(second.getNext().getModel(), Tier.SMALL);
    same(second.getSummary().getTokens(), 5);

    var inverse =
        new UncertaintyApi(client)
            .invEntropy(
                new InvEntropyRequest()
                    .simX(List.of(List.of(1, 0.5), List.of(0.5, 1)))
                    .simY(List.of(List.of(1, 0.5), List.of(0.5, 1))));
    same(inverse.getData().getFirst().getN(), 2);

    var entry =
        Map.of(
            "token",
            "a",
            "logprob",
            -0.25,
            "top_logprobs",
            List.of(Map.of("token", "a", "logprob", -0.25)));
    var answer =
        Map.of(
            "choices", List.of(Map.of("index", 0, "logprobs", Map.of("content", List.of(entry)))));
    var score = new ScoreApi(client).score(new ScoreRequest().openai(answer).vocabSize(1000));
    same(score.getSequence().getLogprob().doubleValue(), -0.25);
    same(score.getDialect().getValue(), "openai_chat");

    var engine = new EngineApi(client);
    var step =
        engine.step(
            new StepRequest()
                .logits(List.of(List.of(3, 2, 1, 0), List.of(0, 0, 0, 0)))
                .ead(config)
                .states(Arrays.asList(first.getState(), null)),
            null,
            null,
            null,
            null);
    same(step.getData().get(0).getSummary().getTokens(), 5);
    same(step.getData().get(1).getSummary().getTokens(), 1);
    same(
        engine
            .sample(new SampleRequest().probs(List.of(List.of(0, 1))).seed(7), null, null, null)
            .getData()
            .getFirst()
            .getId(),
        1);

    try {
      entropy.entropy(
          new EntropyRequest().logits(List.of(List.of(0, 0), List.of(1, 2, 3))), null, null, null);
      throw new AssertionError("rows of two lengths were taken");
    } catch (ApiException e) {
      Problem problem = client.getObjectMapper().readValue(e.getResponseBody(), Problem.class);
      same(e.getCode(), 422);
      same(problem.getCode(), "ragged_rows");
      same(problem.getErrors().getFirst().getPointer(), "/logits/1");
    }
    System.out.println("generated Java client: " + checks + " checks passed");
  }
}
