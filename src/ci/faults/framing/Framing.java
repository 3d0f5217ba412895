import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients that frame their requests as no client should, many at a time; what came back, and who
 * was held for longer than {@code limit} milliseconds, is printed as one JSON object.
 *
 * <p>{@code java Framing.java PORT MANAGEMENT_PORT KEY SEED FIRST COUNT LIMIT}; a client can be run
 * again alone by its number.
 */
public final class Framing {
  private static final int WORKERS = 2;
  private static final int AT_ONCE = 120;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([0-9]{3}) ");

  private final int port;
  private final int management;
  private final String key;
  private final long seed;
  private final long last;
  private final int limit;
  private final AtomicLong next;
  private final Map<String, AtomicLong> seen = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Long> held = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> failed = new ConcurrentLinkedQueue<>();

  private Framing(String[] args) {
    port = Integer.parseInt(args[0]);
    management = Integer.parseInt(args[1]);
    key = args[2];
    seed = Long.parseLong(args[3]);
    next = new AtomicLong(Long.parseLong(args[4]));
    last = next.get() + Long.parseLong(args[5]);
    limit = Integer.parseInt(args[6]);
  }

  public static void main(String[] args) throws Exception {
    var framing = new Framing(args);
    long start = System.nanoTime();
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      workers.add(Thread.ofPlatform().start(framing::work));
    }
    for (Thread worker : workers) {
      worker.join();
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    System.out.printf(
        "{\"seed\":%d,\"seconds\":%d,\"held\":%s,\"failed\":%s,\"seen\":{%s}}%n",
        framing.seed,
        seconds,
        framing.held,
        framing.failed.stream().limit(20).map(number -> "\"" + number + "\"").toList(),
        String.join(
            ",",
            new TreeMap<>(framing.seen)
                .entrySet().stream().map(e -> "\"" + e.getKey() + "\":" + e.getValue()).toList()));
  }

  private void count(String what) {
    seen.computeIfAbsent(what, ignored -> new AtomicLong()).incrementAndGet();
  }

  private void work() {
    try (Selector selector = Selector.open()) {
      var timers = new PriorityQueue<Client>((a, b) -> Long.compare(a.wake, b.wake));
      int open = 0;
      boolean more = true;
      while (more || open > 0) {
        while (more && open < AT_ONCE) {
          long number = next.getAndIncrement();
          more = number < last;
          if (more && new Client(number, selector, timers).isOpen()) {
            open++;
          }
        }
        long left = timers.isEmpty() ? 100 : (timers.peek().wake - System.nanoTime()) / 1_000_000;
        if (left > 0) {
          selector.select(left);
        } else {
          selector.selectNow();
        }
        for (SelectionKey key : selector.selectedKeys()) {
          open -= ((Client) key.attachment()).ready(key) ? 0 : 1;
        }
        selector.selectedKeys().clear();
        while (!timers.isEmpty() && timers.peek().wake - System.nanoTime() <= 0) {
          Client client = timers.poll();
          if (client.isOpen()) {
            open -= client.woken() ? 0 : 1;
          }
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One connection, and how far its script has come. */
  private final class Client {
    private final long number;
    private final Script script;
    private final PriorityQueue<Client> timers;
    private final ByteBuffer out;
    private final ByteBuffer in;
    private final SocketChannel channel;
    private SelectionKey key;
    private String tail = "";
    private int cut;
    private long sentAt;
    private long wake;

    Client(long number, Selector selector, PriorityQueue<Client> timers) throws IOException {
      this.number = number;
      this.script = Script.of(seed, number, Framing.this.key);
      this.timers = timers;
      this.out = ByteBuffer.wrap(script.bytes());
      this.in = ByteBuffer.allocate(Math.max(1, script.part()));
      this.channel = SocketChannel.open();
      try {
        channel.configureBlocking(false);
        if (script.part() < 1000) {
          channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        }
        // a machine has ports for 28,000 connections a minute from one address
        channel.bind(new InetSocketAddress("127.0.0." + (1 + number % 250), 0));
        channel.connect(
            new InetSocketAddress("127.0.0.1", script.management() ? management : port));
        key = channel.register(selector, SelectionKey.OP_CONNECT, this);
      } catch (IOException e) {
        fail(e);
      }
    }

    boolean isOpen() {
      return channel.isOpen();
    }

    private boolean fail(IOException e) {
      failed.add(number + ": " + String.valueOf(e.getMessage()).replace('"', '\''));
      return close("not connected");
    }

    private boolean close(String how) {
      count(how);
      try {
        channel.close();
      } catch (IOException e) {
        // it is gone
      }
      return false;
    }

    private void wakeIn(long millis) {
      wake = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
      timers.add(this);
    }

    /** Whether it is still open. */
    boolean ready(SelectionKey key) {
      if (!key.isValid()) {
        return isOpen();
      }
      try {
        if (key.isConnectable()) {
          channel.finishConnect();
          key.interestOps(SelectionKey.OP_WRITE | (script.part() > 0 ? SelectionKey.OP_READ : 0));
        }
      } catch (IOException e) {
        return fail(e);
      }
      try {
        if (key.isReadable() && !read()) {
          return close("closed by the other end");
        }
        if (key.isValid() && key.isWritable()) {
          write();
        }
        return true;
      } catch (IOException e) {
        return close("reset by the other end");
      }
    }

    private boolean read() throws IOException {
      int n = channel.read(in.clear());
      if (n > 0) {
        String text = tail + new String(in.array(), 0, n, StandardCharsets.ISO_8859_1);
        Matcher status = STATUS.matcher(text);
        int end = 0;
        while (status.find()) {
          count(status.group(1));
          if (status.group(1).startsWith("5")) {
            count("number " + number + " got " + status.group(1));
          }
          end = status.end();
        }
        tail = text.substring(Math.max(end, text.length() - 12));
        if (script.part() < 1000) {
          key.interestOpsAnd(~SelectionKey.OP_READ);
          wakeIn(10);
        }
      }
      return n >= 0;
    }

    private void write() throws IOException {
      boolean pauses = cut < script.cuts().length;
      out.limit(pauses ? script.cuts()[cut] : script.bytes().length);
      channel.write(out);
      if (out.hasRemaining()) {
        return;
      }
      key.interestOpsAnd(~SelectionKey.OP_WRITE);
      if (pauses) {
        cut++;
        wakeIn(script.pause());
        return;
      }
      sentAt = System.nanoTime();
      if (script.end() == Script.End.HALF) {
        channel.shutdownOutput();
        wakeIn(limit);
      } else {
        wakeIn(script.end() == Script.End.DRIP ? 100 : script.linger());
      }
    }

    /** Whether it is still open after what was due has been done. */
    boolean woken() {
      try {
        if (sentAt == 0) {
          key.interestOpsOr(SelectionKey.OP_WRITE | (script.part() > 0 ? SelectionKey.OP_READ : 0));
          return true;
        }
        switch (script.end()) {
          case CLOSE -> {
            return close("closed by the client");
          }
          case RESET -> {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            return close("reset by the client");
          }
          case HALF, DRIP -> {
            if (System.nanoTime() - sentAt > TimeUnit.MILLISECONDS.toNanos(limit) - 1) {
              held.add(number);
              return close("held for too long");
            }
            if (script.end() == Script.End.DRIP) {
              channel.write(
                  ByteBuffer.wrap(new byte[] {(byte) "a0;\r\n: x".charAt((int) (number % 8))}));
              wakeIn(100);
            }
          }
        }
        key.interestOpsOr(script.part() > 0 ? SelectionKey.OP_READ : 0);
        return true;
      } catch (IOException e) {
        return close("reset by the other end");
      }
    }
  }
}
