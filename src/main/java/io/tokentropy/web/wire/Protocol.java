package io.tokentropy.web.wire;

import java.io.IOException;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;

/** HTTP/1.1 over {@link Connections}; the server makes it by its name. */
public final class Protocol extends Http11NioProtocol {
  public Protocol() {
    super(new Connections());
  }

  @Override
  protected Processor createProcessor() {
    return new Requests(this, getAdapter());
  }

  /** The requests of one connection after the other, each of which knows its connection. */
  private static final class Requests extends Http11Processor {
    Requests(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
      super(protocol, adapter);
    }

    @Override
    public SocketState process(SocketWrapperBase<?> socket, SocketEvent event) throws IOException {
      if (!(socket instanceof Connection connection)) {
        return super.process(socket, event);
      }
      getRequest().setNote(Wire.NOTE, connection);
      SocketState state = SocketState.CLOSED;
      try {
        state = super.process(socket, event);
      } finally {
        if (!isAsync()) {
          connection.answered(state == SocketState.LONG);
        }
      }
      return connection.isHeadLate() ? SocketState.CLOSED : state;
    }
  }
}
