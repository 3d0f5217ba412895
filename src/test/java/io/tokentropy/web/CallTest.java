package io.tokentropy.web;

import io.tokentropy.embedding.MiniLm;
import io.tokentropy.web.call.PlainCalls;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Calls of the contract that need no server: what is asked is JSON, and what is answered. */
abstract class CallTest {
  protected static final JsonMapper JSON = JsonMapper.shared();
  private static final PlainCalls CALLS = new PlainCalls(Map.of(), Optional.of(new MiniLm()));

  protected static Reply post(String path, String json) {
    return CALLS.post(path, json);
  }

  protected static Reply get(String path) {
    return CALLS.get(path);
  }

  /** The packed answer. */
  protected static Reply packed(String path, String json) {
    return CALLS.packed(path, json);
  }
}
