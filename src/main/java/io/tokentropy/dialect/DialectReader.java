package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.Map;

/**
 * Reads what one server writes, a chunk at a time: a whole response, or one event of a stream. Each
 * response has readers of its own, so one may remember what it has read.
 */
interface DialectReader {
  /** How clearly these are the fields of this server's chunks; never refuses. */
  Sign sign(Map<String, Value> fields);

  /**
   * Adds what a chunk brings. Fields that no log-probability hangs on are left alone.
   *
   * @param chunk an object
   */
  void read(Value chunk, Draft draft);
}
