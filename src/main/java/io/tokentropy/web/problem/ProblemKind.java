package io.tokentropy.web.problem;

import io.tokentropy.refusal.InvalidInput;
import java.util.Locale;
import java.util.OptionalInt;

/** Every problem that an answer can name: its status, and what its page says. */
public enum ProblemKind {
  MALFORMED_JSON(
      400,
      "The body is not JSON",
      "The body could not be read as one JSON object, or a key stands in an object twice.",
      "A missing quote or bracket, a trailing comma, text after the end, or shell quoting that ate"
          + " the quotes.",
      "Check the body at the line and column that the problem names. With curl, put it in single"
          + " quotes or in a file: -d @body.json.",
      "POST /v1/entropy {\"logits\": [[0, 0]}",
      "POST /v1/entropy {\"logits\": [[0, 0]]}"),
  UNKNOWN_FIELD(
      422,
      "A field is not known here",
      "The endpoint has no field of that name. Nothing is dropped in silence.",
      "A typing error, or a field of another endpoint.",
      "Use the name that the problem suggests, or see /docs for the fields of this endpoint.",
      "POST /v1/entropy {\"logit\": [[0, 0]]}",
      "POST /v1/entropy {\"logits\": [[0, 0]]}"),
  WRONG_TYPE(
      422,
      "A value has the wrong type",
      "The field exists, but takes another kind of value. Numbers are not accepted as strings.",
      "A number in quotes, a list where a number belongs, or the reverse.",
      "Send the type that the problem names. Masked logits may be \"-Infinity\", \"-inf\","
          + " -Infinity or null.",
      "POST /v1/entropy {\"logits\": [[\"0\", 0]]}",
      "POST /v1/entropy {\"logits\": [[0, 0]]}"),
  MISSING_INPUT(
      422,
      "There is nothing to work on",
      "The request lacks something that is needed, or has it empty.",
      "No input field, an empty list, or a parameter without a default.",
      "Send exactly one input: logits, logprobs, probs, top_logprobs, summary or entropies.",
      "POST /v1/entropy {\"logits\": []}",
      "POST /v1/entropy {\"logits\": [[0, 0]]}"),
  CONFLICTING_INPUTS(
      422,
      "Two fields exclude each other",
      "The request says the same thing twice, or two things that cannot both hold.",
      "Two inputs at once, or a parameter both in the query string and in the body.",
      "Leave one of the two out.",
      "POST /v1/entropy {\"logits\": [[0, 0]], \"probs\": [[0.5, 0.5]]}",
      "POST /v1/entropy {\"probs\": [[0.5, 0.5]]}"),
  RAGGED_ROWS(
      422,
      "The rows differ in length",
      "All rows of one request are over the same vocabulary, so they have the same length.",
      "A row that was cut off, or rows of two models in one request.",
      "Send rows of one length, or one request for each vocabulary.",
      "POST /v1/entropy {\"logits\": [[0, 0], [0, 0, 0]]}",
      "POST /v1/entropy {\"logits\": [[0, 0], [0, 0]]}"),
  NOT_FINITE(
      422,
      "A number is NaN or infinite",
      "Numbers must be finite. Only a masked logit or log-probability may be -Infinity.",
      "An overflow in half precision upstream, 0/0, or a number too large for a double.",
      "Mask the token with -Infinity, or send bf16 or f32 values from upstream.",
      "POST /v1/entropy {\"logits\": [[NaN, 0]]}",
      "POST /v1/entropy {\"logits\": [[\"-Infinity\", 0]]}"),
  ALL_MASKED(
      422,
      "Every token is masked",
      "A row in which no token has any probability is not a distribution.",
      "A grammar or a bad-words list that forbids everything.",
      "Leave at least one token unmasked, or leave the row out.",
      "POST /v1/entropy {\"logits\": [[null, null]]}",
      "POST /v1/entropy {\"logits\": [[null, 0]]}"),
  NOT_A_DISTRIBUTION(
      422,
      "The numbers are not a distribution",
      "Probabilities are at least 0 and sum to 1, log-probabilities are at most 0; off by up to"
          + " 0.001 is renormalised with a warning.",
      "Logits sent as log-probabilities, probabilities after a filter, or base-2 logarithms.",
      "Send unnormalised scores as logits. Log-probabilities are natural logarithms.",
      "POST /v1/entropy {\"probs\": [[0.5, 0.1]]}",
      "POST /v1/entropy {\"probs\": [[0.5, 0.5]]}"),
  PARAMETER_OUT_OF_RANGE(
      422,
      "A parameter is out of range",
      "The parameter has the right type, but not a value that means something.",
      "A percentage where a fraction belongs, or an unknown word.",
      "See /v1/methods for every parameter with its range and default.",
      "POST /v1/entropy {\"logits\": [[0, 0]], \"temperature\": -1}",
      "POST /v1/entropy {\"logits\": [[0, 0]], \"temperature\": 0.7}"),
  SHAPE_MISMATCH(
      422,
      "Two sizes do not agree",
      "Two parts of the request must have the same size and do not.",
      "Lists that were filled from different sources.",
      "Compare the two sizes that the problem names.",
      "POST /v1/entropy {\"logits\": [[0, 0]], \"vocab_size\": 3}",
      "POST /v1/entropy {\"logits\": [[0, 0]], \"vocab_size\": 2}"),
  INCONSISTENT_TOP_LOGPROBS(
      422,
      "This is not a list of the best tokens",
      "No softmax over vocab_size tokens can have these as its best k: the rest could not hold the"
          + " rest of the mass.",
      "A list after top-p or top-k, a wrong vocab_size, or tokens left out of the middle.",
      "Send the list as the server gave it. If nothing is missing from it, say so with"
          + " \"complete\": true.",
      "POST /v1/entropy {\"top_logprobs\": [[-0.7, -9.2]], \"vocab_size\": 100}",
      "POST /v1/entropy {\"top_logprobs\": [[-0.7, -9.2]], \"vocab_size\": 128256}"),
  INVALID_STATE(
      422,
      "The state cannot be continued",
      "The state was not handed out by this service for this configuration, or was changed on the"
          + " way.",
      "A state of another configuration or version, or one that was edited.",
      "Send the state back exactly as it came, with the same config; or start anew without a"
          + " state.",
      "POST /v1/ead {\"observations\": [1], \"config\": {\"threshold\": 1}, \"state\": {\"v\":"
          + " 99}}",
      "POST /v1/ead {\"observations\": [1], \"config\": {\"threshold\": 1}}"),
  BUDGET_TOO_SMALL(
      422,
      "The budget does not allow what is asked",
      "The plan takes more calls or tokens than the budget of the request or of this service."
          + " Nothing was asked.",
      "Many perturbations, answers or temperatures, a large max_tokens, or a small budget.",
      "Compare plan and budget, which the problem holds; \"dry_run\": true tells the plan alone.",
      "POST /v1/inv-entropy/ask with a budget of 3 calls for 10 prompts",
      "POST /v1/inv-entropy/ask with a budget of 60 calls for 10 prompts"),
  LIMIT_EXCEEDED(
      413,
      "The request is larger than allowed",
      "A limit of this service was reached. Nothing was computed.",
      "More rows, a larger vocabulary or a longer body than the service was configured for.",
      "Split the request, or raise the setting that the problem names. GET /v1/limits lists them"
          + " all.",
      "POST /v1/entropy {\"top_logprobs\": [[-0.7]], \"vocab_size\": 9999999}",
      "POST /v1/entropy {\"top_logprobs\": [[-0.7]], \"vocab_size\": 128256}"),
  BAD_REQUEST(
      400,
      "This is not a request that can be answered",
      "The request line, a header or the framing of the body is not HTTP as it should be, or is too"
          + " long.",
      "A character in the address that is not percent-encoded, headers over 8 KB, a chunk without"
          + " its size.",
      "Percent-encode the address, send large inputs in the body, and use an ordinary client.",
      "GET /v1/entropy?probs=[0.5,0.5]",
      "GET /v1/entropy?probs=0.5,0.5"),
  NOT_FOUND(
      404,
      "There is nothing here",
      "This path is not part of the service.",
      "A typing error in the path.",
      "GET / lists the paths; /docs shows them with examples.",
      "GET /v1/entropie?probs=0.5,0.5",
      "GET /v1/entropy?probs=0.5,0.5"),
  METHOD_NOT_ALLOWED(
      405,
      "The path does not take this method",
      "The path exists, but for another method; the Allow header names those.",
      "GET where POST belongs, or the reverse.",
      "Use one of the methods of the Allow header.",
      "DELETE /v1/entropy",
      "GET /v1/entropy?probs=0.5,0.5"),
  NOT_ACCEPTABLE(
      406,
      "The answer cannot be given in that form",
      "The Accept header excludes every form in which this path answers.",
      "Accept: text/csv and the like.",
      "Accept application/json.",
      "GET /v1/entropy?probs=0.5,0.5 with Accept: text/csv",
      "GET /v1/entropy?probs=0.5,0.5"),
  UNSUPPORTED_MEDIA_TYPE(
      415,
      "The body has a type that is not read here",
      "The Content-Type is not one that this path reads, or the body is compressed.",
      "curl -d without a header sends application/x-www-form-urlencoded.",
      "Name one of the types that the problem names, as in -H 'Content-Type: application/json', and"
          + " send the body uncompressed.",
      "POST /v1/entropy with Content-Type: text/plain",
      "POST /v1/entropy {\"logits\": [[0, 0]]}"),
  UNAUTHORIZED(
      401,
      "The call carries no key that opens the service",
      "Every path but the probes and the pages wants Authorization: Bearer with a key or a token.",
      "No header, a key that was withdrawn, or a token that has expired, is for somebody else or is"
          + " signed by another key.",
      "Send -H 'Authorization: Bearer ...' with a key that the operator gave you.",
      "GET /v1/limits",
      "GET /v1/limits with Authorization: Bearer ..."),
  REQUEST_TIMEOUT(
      408,
      "The body did not arrive in time",
      "A body must be there as a whole within the read deadline, 10 seconds by default.",
      "A slow connection, or a Content-Length that is longer than what is sent.",
      "Send the body in one go, or raise TOKENTROPY_ADMISSION_BODY_DEADLINE.",
      "POST /v1/entropy with Content-Length: 1000 and ten bytes",
      "POST /v1/entropy {\"logits\": [[0, 0]]}"),
  OVERLOADED(
      429,
      "The service is busy",
      "More is asked at once than the service takes on. There is no result.",
      "More callers than cores for a while, or large bodies, large answers or calls that take long"
          + " at the same time.",
      "Try again after the seconds of the Retry-After header, or add replicas: nothing is kept"
          + " between calls.",
      "wrk -c 1000 http://localhost:8080/v1/limits",
      "wrk -c 32 http://localhost:8080/v1/limits"),
  UPSTREAM_INCOMPLETE(
      502,
      "The model server gave too little for a score",
      "Fewer than three prompts have as many answers as are needed, or the answers cannot be"
          + " scored. The problem holds all that was paid for.",
      "The model server of the configuration is down, slow, refuses or writes nothing; or it wrote"
          + " no other wordings of the question.",
      "Look at the warnings in the problem, which say what came of the calls; the server's own log"
          + " says why.",
      "POST /v1/inv-entropy/ask while the upstream is down",
      "POST /v1/inv-entropy/ask while it is up"),
  DEADLINE_EXCEEDED(
      503,
      "The deadline passed before the call was done",
      "The call waited for a core for longer than its deadline, or took longer to compute than a"
          + " call may. There is no result.",
      "A short X-Request-Timeout-Ms, more callers than cores, or one call with a great many texts.",
      "Try again after the seconds of the Retry-After header, or allow more time.",
      "POST /v1/entropy with X-Request-Timeout-Ms: 1",
      "POST /v1/entropy with X-Request-Timeout-Ms: 5000"),
  EMBEDDINGS_UNAVAILABLE(
      503,
      "Texts cannot be embedded now",
      "The model that turns texts into vectors cannot be reached, or answered with something else.",
      "The embedding server of the configuration is down, slow or misconfigured; or the built-in"
          + " model does not load on this machine.",
      "Try again after the seconds of the Retry-After header, or send embeddings or similarities"
          + " instead of texts.",
      "POST /v1/inv-entropy with texts_x and texts_y",
      "POST /v1/inv-entropy {\"sim_x\": [[1, 0.5], [0.5, 1]], \"sim_y\": [[1, 0.2], [0.2, 1]]}"),
  ENTAILMENT_UNAVAILABLE(
      503,
      "Answers cannot be judged now",
      "The model that says whether answers follow from each other cannot be reached, or answered"
          + " with something else.",
      "The server that TOKENTROPY_ENTAILMENT_UPSTREAM names is down, slow or busy; or it gives no"
          + " log-probabilities, or its model does not answer with one of the words.",
      "Try again after the seconds of the Retry-After header, or send entail and contra, or"
          + " similarities.",
      "POST /v1/uncertainty with entailment_from: server, while that is down",
      "POST /v1/uncertainty {\"texts\": [\"Paris\", \"in Paris\"]}"),
  UNKNOWN_MODEL(
      404,
      "There is no such model",
      "The gateway answers for the pairs of models that the configuration names, and for no other.",
      "A typing error in the field model, a gateway that is off, or a pair that is not configured"
          + " here.",
      "GET /v1/models lists what can be asked; TOKENTROPY_GATEWAY_ENABLED switches the gateway on.",
      "POST /v1/completions {\"model\": \"no such model\", \"prompt\": \"Hello\"}",
      "POST /v1/completions with a model that GET /v1/models lists"),
  UPSTREAM_UNAVAILABLE(
      502,
      "The model's server cannot be used now",
      "The server of this model cannot be reached, has as many calls as it may have, or ended its"
          + " answer too early; or it failed so often of late that it is left alone for a while.",
      "The server is down or overloaded, or its address is wrong.",
      "Try again after the seconds of the Retry-After header; GET /v1/gateway says how the servers"
          + " are.",
      "POST /v1/completions while the server is down",
      "POST /v1/completions while it is up"),
  UPSTREAM_REJECTED(
      502,
      "The model's server does not take the request",
      "The server of this model answered with another status than 200. The problem names it, and"
          + " not what the server wrote, as that may quote the prompt.",
      "A field that this server does not know, a prompt longer than its context, a wrong key of"
          + " ours.",
      "Look up the status in the server's log, or let TOKENTROPY_GATEWAY_UPSTREAM_ERRORS pass on"
          + " what it writes.",
      "POST /v1/completions with a field that the server refuses",
      "POST /v1/completions without it"),
  UPSTREAM_TIMEOUT(
      504,
      "The model's server took too long",
      "The server of this model gave no first byte, or no further one, in the time that the"
          + " configuration allows. The call may have been charged; it was not made again.",
      "A long queue, a long prompt, or a server that hangs.",
      "Try again later, or raise the timeouts of TOKENTROPY_UPSTREAMS_<NAME>_FIRST_TOKEN_TIMEOUT or"
          + " _IDLE_TIMEOUT.",
      "POST /v1/completions while the server hangs",
      "POST /v1/completions while it answers"),
  NO_LOGPROBS(
      502,
      "The model's server gives no log-probabilities",
      "A pair switches by the log-probabilities of its models, and an attached score is made of"
          + " them; this server answered without them.",
      "A server that was started without them, such as vLLM with --max-logprobs 0, or a model that"
          + " gives none.",
      "Set the option that the problem names on that server.",
      "POST /v1/completions to a pair whose server has no log-probabilities",
      "POST /v1/completions to a pair whose servers have them"),
  NOT_SWITCHABLE(
      422,
      "Two models cannot answer this together",
      "Tools, JSON modes, penalties and the like are kept account of by one server along an answer,"
          + " and would begin anew at every switch. This pair does not pass such requests on to one"
          + " of its models, or the request has options of ours for both.",
      "A field of that kind beside a pair that switches.",
      "Ask one of the models, <pair>:large or <pair>:small, or leave the field out.",
      "POST /v1/completions with best_of, to a pair that switches",
      "POST /v1/completions with best_of, to one of its models"),
  INTERNAL(
      500,
      "The service failed",
      "This is a fault of the service, not of the request. The log has it under the request id.",
      "A bug.",
      "Report it with the request id.",
      "",
      "");

  public final int status;
  public final String title;
  public final String meaning;
  public final String cause;
  public final String fix;

  /** A request that fails with it, as {@code POST /v1/entropy {...}}, or what leads to it. */
  public final String wrong;

  /** The same, corrected. */
  public final String right;

  ProblemKind(
      int status,
      String title,
      String meaning,
      String cause,
      String fix,
      String wrong,
      String right) {
    this.status = status;
    this.title = title;
    this.meaning = meaning;
    this.cause = cause;
    this.fix = fix;
    this.wrong = wrong;
    this.right = right;
  }

  /** {@code not_finite}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@code /problems/not-finite}, which the service itself answers. */
  public String type() {
    return "/problems/" + slug();
  }

  public String slug() {
    return code().replace('_', '-');
  }

  /** The kind of a refusal of the input. */
  public static ProblemKind of(InvalidInput e) {
    return switch (e) {
      case InvalidInput.MalformedJson x -> MALFORMED_JSON;
      case InvalidInput.UnknownField x -> UNKNOWN_FIELD;
      case InvalidInput.WrongType x -> WRONG_TYPE;
      case InvalidInput.MissingInput x -> MISSING_INPUT;
      case InvalidInput.ConflictingInputs x -> CONFLICTING_INPUTS;
      case InvalidInput.RaggedRows x -> RAGGED_ROWS;
      case InvalidInput.NotFinite x -> NOT_FINITE;
      case InvalidInput.AllMasked x -> ALL_MASKED;
      case InvalidInput.NotADistribution x -> NOT_A_DISTRIBUTION;
      case InvalidInput.ParameterOutOfRange x -> PARAMETER_OUT_OF_RANGE;
      case InvalidInput.ShapeMismatch x -> SHAPE_MISMATCH;
      case InvalidInput.InconsistentTopLogprobs x -> INCONSISTENT_TOP_LOGPROBS;
      case InvalidInput.InvalidState x -> INVALID_STATE;
      case InvalidInput.LimitExceeded x -> LIMIT_EXCEEDED;
    };
  }

  /** The kind for a status that the server itself gave. */
  public static ProblemKind of(int status) {
    return switch (status) {
      case 404 -> NOT_FOUND;
      case 405 -> METHOD_NOT_ALLOWED;
      case 408 -> REQUEST_TIMEOUT;
      case 500 -> INTERNAL;
      default -> BAD_REQUEST;
    };
  }

  /** The seconds after which the caller may come back; empty where waiting does not help. */
  public OptionalInt retryAfter() {
    return switch (this) {
      case OVERLOADED, DEADLINE_EXCEEDED -> OptionalInt.of(1);
      case EMBEDDINGS_UNAVAILABLE, ENTAILMENT_UNAVAILABLE, UPSTREAM_UNAVAILABLE ->
          OptionalInt.of(5);
      default -> OptionalInt.empty();
    };
  }
}
