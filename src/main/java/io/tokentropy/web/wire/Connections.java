package io.tokentropy.web.wire;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.tomcat.util.collections.SynchronizedStack;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketProperties;

/**
 * The open connections of a port. When there are nearly as many as there may be, the one on which
 * nothing has been done for the longest makes room for the next: who opens connections and says
 * nothing does not keep others out.
 */
final class Connections extends NioEndpoint {
  /** Of 8, how many may be open before one must go. */
  private static final int EIGHTHS = 7;

  /** How long a body is waited for in any case. */
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(250);

  private static final int AT_A_TIME = 64;

  /** Between one time and the next, however many ask. */
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

  private final AtomicLong hurriedAt = new AtomicLong(System.nanoTime() - PAUSE);

  @Override
  protected boolean setSocketOptions(SocketChannel socket) {
    int most = getMaxConnections();
    if (most > 0 && connections.size() >= Math.max(1, (long) most * EIGHTHS / 8)) {
      closeTheIdlest();
    }
    try {
      SocketProperties settings = getSocketProperties();
      NioChannel channel = channel(settings);
      var connection = new Connection(channel, this);
      channel.reset(socket, connection);
      socket.configureBlocking(false);
      settings.setProperties(socket.socket());
      connection.setReadTimeout(getConnectionTimeout());
      connection.setWriteTimeout(getConnectionTimeout());
      connection.setKeepAliveLeft(getMaxKeepAliveRequests());
      connections.put(socket, connection);
      getPoller().register(connection);
      return true;
    } catch (IOException e) {
      getLog().debug("a connection was gone as soon as it was there", e);
      return false;
    }
  }

  private NioChannel channel(SocketProperties settings) {
    SynchronizedStack<NioChannel> spare = getNioChannels();
    NioChannel channel = spare == null ? null : spare.pop();
    return channel != null
        ? channel
        : createChannel(
            new SocketBufferHandler(
                settings.getAppReadBufSize(),
                settings.getAppWriteBufSize(),
                settings.getDirectBuffer()));
  }

  /** Those whose bodies have been waited for the longest make room; some of them at a time. */
  void hurryTheSlowest() {
    long now = System.nanoTime();
    long last = hurriedAt.get();
    if (now - last < PAUSE || !hurriedAt.compareAndSet(last, now)) {
      return;
    }
    connections.values().stream()
        .filter(Connection.class::isInstance)
        .map(Connection.class::cast)
        .filter(connection -> connection.bodyAwaited(now) > PATIENCE)
        .sorted(Comparator.comparingLong(connection -> -connection.bodyAwaited(now)))
        .limit(AT_A_TIME)
        .forEach(Connection::hurry);
  }

  private void closeTheIdlest() {
    long now = System.nanoTime();
    connections.values().stream()
        .filter(Connection.class::isInstance)
        .map(Connection.class::cast)
        .filter(Connection::isIdle)
        .max(Comparator.comparingLong(connection -> now - connection.idleSince()))
        .ifPresent(Connections::close);
  }

  private static void close(Connection connection) {
    if (connection.getLock().tryLock()) {
      try {
        if (connection.isIdle()) {
          connection.close();
        }
      } finally {
        connection.getLock().unlock();
      }
    }
  }
}
