package io.tokentropy.web.gateway;

import io.tokentropy.upstream.UpstreamFailed;

/** What becomes of a server's bytes on their way to the client. */
interface Passage {
  /**
   * What goes on now that these bytes have come; it may be nothing.
   *
   * @throws UpstreamFailed if they are no part of an answer
   */
  byte[] next(byte[] bytes) throws UpstreamFailed;

  /**
   * What goes on now that the server has said all.
   *
   * @throws UpstreamFailed if that was no answer
   */
  byte[] end() throws UpstreamFailed;

  /** Everything as it comes. */
  Passage WHOLE =
      new Passage() {
        @Override
        public byte[] next(byte[] bytes) {
          return bytes;
        }

        @Override
        public byte[] end() {
          return new byte[0];
        }
      };
}
