package io.tokentropy.web.gateway;

import io.tokentropy.gateway.openai.AddedLogprobs;
import io.tokentropy.gateway.openai.Shape;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.ledger.Account;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.upstream.ServerConfig;
import io.tokentropy.web.call.Scoring;
import io.tokentropy.web.gateway.GatewaySettings.Mode;
import java.util.Map;

/**
 * A request whose answer carries a score: what {@code /v1/score} answers for what the server sent.
 *
 * @param config of the server
 * @param logprobs that are asked for, and taken out again
 * @param options of the score
 */
record Attach(ServerConfig config, AddedLogprobs logprobs, Fields options) {
  /** What a request wants: its own word, or else that of its pair. */
  static Mode wanted(Asked asked, Pairs.Target target) {
    Mode standard = target.whole() ? target.pair().mode() : Mode.PASSTHROUGH;
    Fields options = asked.options();
    Value mode = options == null ? null : options.get("mode");
    if (mode == null) {
      return standard;
    }
    if (standard == Mode.SWITCH && mode.asText().equals("switch")) {
      return standard;
    }
    return switch (mode.asText()) {
      case "attach" -> Mode.ATTACH;
      case "off" -> Mode.PASSTHROUGH;
      default ->
          throw new InvalidInput.ParameterOutOfRange(
              mode.pointer(),
              mode.found(),
              "\"attach\", \"off\""
                  + (standard == Mode.SWITCH
                      ? ", or \"switch\", which is what this pair does"
                      : ""));
    };
  }

  /**
   * Reads such a request.
   *
   * @throws InvalidInput if the answer could not be scored so
   */
  static Attach read(Asked asked, Shape shape, ServerConfig config, Scoring scoring) {
    Fields options = asked.options();
    Fields score = Fields.ofQuery(Map.of());
    if (options != null) {
      options.get("mode");
      Value said = options.get("score");
      options.done();
      score = said == null ? score : said.asFields();
    }
    scoring.require(score);
    return new Attach(config, AddedLogprobs.to(asked.fields(), shape, config.kind()), score);
  }

  /** The passage of such an answer; events are known by the media type. */
  Passage passage(boolean events, Scoring scoring, Account account, long deadline) {
    var attached = new Attached(this, events, scoring, account, deadline);
    return events ? new AttachedStream(attached) : new AttachedAnswer(attached);
  }

  /** What the client is told where its server gives none, and what can be done there. */
  String without() {
    return "the server \""
        + config.name()
        + "\" gave a text without log-probabilities; "
        + switch (config.kind()) {
          case VLLM -> "start it with --max-logprobs 20";
          case LLAMACPP -> "it needs a version whose OpenAI paths know logprobs";
          case SGLANG -> "it needs a version whose OpenAI paths know logprobs and top_logprobs";
          case OLLAMA -> "it needs version 0.12.11 or a later one";
          case OPENAI -> "choose a model that gives them, which reasoning models mostly do not";
        };
  }
}
