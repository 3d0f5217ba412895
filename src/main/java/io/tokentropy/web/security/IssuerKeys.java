package io.tokentropy.web.security;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import io.tokentropy.logs.SparseLog;
import io.tokentropy.upstream.Upstream;
import io.tokentropy.upstream.UpstreamFailed;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * An issuer's public keys. A thread of its own asks for them: again when they have grown old, and
 * early when a token names an unknown one. No caller waits for the issuer; the keys of before count
 * while it does not answer, for a stated time. Safe to share between threads.
 */
final class IssuerKeys implements JWKSource<SecurityContext>, AutoCloseable {
  /** For one answer, from connecting to its last byte. */
  private static final Duration TIMEOUT = Duration.ofSeconds(4);

  private static final int MOST_BYTES = 512 * 1024;

  /** Tokens with invented key ids make it ask the issuer no more often than this. */
  private static final Duration PAUSE = Duration.ofSeconds(30);

  /** However short the keys are to be kept. */
  private static final Duration SHORTEST = Duration.ofMillis(500);

  /** After an answer that could not be used. */
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final SparseLog log = new SparseLog(LoggerFactory.getLogger(IssuerKeys.class));
  private final Upstream issuer;
  private final Duration cache;
  private final Duration outage;
  private final Semaphore wanted = new Semaphore(0);
  private final CountDownLatch asked = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Kept kept;

  /** The last answer that could be used, and when it came. */
  private record Kept(JWKSet keys, long at) {}

  private IssuerKeys(URI url, Duration cache, Duration outage) {
    this.issuer = new Upstream(url, TIMEOUT, MOST_BYTES);
    this.cache = cache;
    this.outage = outage;
    this.thread = Thread.ofPlatform().daemon().name("issuer-keys").unstarted(this::askOnAndOn);
  }

  /**
   * Asks for the keys, and waits for the first answer, or until it has taken too long.
   *
   * @param cache after this the keys are asked for again
   * @param outage so much longer they count where no answer can be used
   */
  static IssuerKeys of(URI url, Duration cache, Duration outage) {
    var keys = new IssuerKeys(url, cache, outage);
    keys.thread.start();
    try {
      keys.asked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return keys;
  }

  @Override
  public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) {
    Kept now = kept;
    boolean count = now != null && System.nanoTime() - now.at() < cache.plus(outage).toNanos();
    List<JWK> found = now != null && count ? selector.select(now.keys()) : List.of();
    if (found.isEmpty() && wanted.availablePermits() == 0) {
      wanted.release();
    }
    return found;
  }

  private void askOnAndOn() {
    long all = cache.toMillis();
    long pause = Math.clamp(all / 2, SHORTEST.toMillis(), PAUSE.toMillis());
    try {
      while (!Thread.currentThread().isInterrupted()) {
        wanted.drainPermits();
        boolean answered;
        try {
          answered = ask();
        } finally {
          asked.countDown();
        }
        Thread.sleep(answered ? pause : Math.min(pause, RETRY.toMillis()));
        if (answered) {
          wanted.tryAcquire(all - pause, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean ask() {
    try {
      byte[] answer = issuer.send(issuer.request().header("Accept", "application/json"));
      kept = new Kept(JWKSet.parse(new String(answer, StandardCharsets.UTF_8)), System.nanoTime());
      return true;
    } catch (UpstreamFailed e) {
      log.warn("the issuer of tokens " + e.getMessage() + "; its keys of before count meanwhile");
    } catch (ParseException | RuntimeException e) {
      log.warn(
          "the issuer of tokens answered with no set of keys; those of before count meanwhile");
    }
    return false;
  }

  @Override
  public void close() {
    thread.interrupt();
    issuer.close();
  }
}
