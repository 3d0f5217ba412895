package io.tokentropy.gateway.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.gateway.engine.Deadline;
import io.tokentropy.gateway.engine.Engine;
import io.tokentropy.gateway.engine.EngineFailed;
import io.tokentropy.gateway.engine.Prompt;
import io.tokentropy.gateway.engine.Step;
import io.tokentropy.gateway.engine.Stint;
import io.tokentropy.gateway.engine.StintRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Servers of known faults, and what is found of them. */
class ServerCheckTest {
  /** A server whose next token follows from all ids before it. */
  private static class Server implements Engine {
    final AtomicInteger open = new AtomicInteger();

    @Override
    public int[] render(Prompt prompt, Deadline deadline) {
      return prompt instanceof Prompt.Text(String text)
          ? text.chars().map(this::id).toArray()
          : new int[0];
    }

    int id(int character) {
      return character % 1000;
    }

    int next(int[] ids) {
      return Math.floorMod(Arrays.hashCode(ids), 1000);
    }

    int cached() {
      return 10;
    }

    double lnProb() {
      return -0.5;
    }

    boolean rows() {
      return true;
    }

    @Override
    public Stint open(StintRequest request, Deadline deadline) throws EngineFailed {
      open.incrementAndGet();
      return new Stint() {
        private int[] ids = request.ids();
        private int left = request.maxTokens().orElse(512);

        @Override
        public @Nullable Step next() {
          if (left-- == 0) {
            return null;
          }
          int id = Server.this.next(ids);
          ids = Arrays.copyOf(ids, ids.length + 1);
          ids[ids.length - 1] = id;
          return new Step(
              List.of(id),
              new byte[] {'a'},
              true,
              false,
              "a",
              OptionalDouble.of(lnProb()),
              rows() ? row() : null);
        }

        @Override
        public Finish finish() {
          return Finish.LENGTH;
        }

        @Override
        public Usage usage() {
          return new Usage(request.ids().length, cached(), 1);
        }

        @Override
        public void close() {
          open.decrementAndGet();
        }
      };
    }

    private static PartialDistribution row() {
      return PartialDistribution.of(
          List.of(new PartialDistribution.Entry(-0.5), new PartialDistribution.Entry(-1.5)),
          OptionalDouble.empty(),
          false,
          OptionalInt.empty(),
          0);
    }

    @Override
    public int vocabSize() {
      return 1000;
    }
  }

  private static Deadline deadline() {
    return Deadline.after(Duration.ofSeconds(30));
  }

  private static Finding find(Engine engine, String name) throws EngineFailed {
    return ServerCheck.of(engine, deadline()).stream()
        .filter(found -> found.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aServerWithoutFaultsPassesAndIsLeftWithoutCalls() throws EngineFailed {
    var server = new Server();
    List<Finding> found = ServerCheck.of(server, deadline());
    assertThat(found.stream().map(Finding::name))
        .containsExactly("logprobs", "continuation", "cache", "cancel");
    assertThat(found.subList(0, 3)).allSatisfy(each -> assertThat(each.ok()).isTrue());
    assertThat(found.get(0).detail()).isEqualTo("8 of 8 steps have alternatives");
    assertThat(found.get(1).detail()).isEqualTo("8 tokens are the same in two pieces");
    assertThat(found.get(2).detail()).isEqualTo("10 of 68 tokens were kept");
    assertThat(server.open).hasValue(0);
  }

  @Test
  void aServerWithoutAlternativesIsFound() throws EngineFailed {
    var server =
        new Server() {
          @Override
          boolean rows() {
            return false;
          }
        };
    assertThat(find(server, "logprobs"))
        .isEqualTo(new Finding("logprobs", false, "no token came with alternatives"));
  }

  @Test
  void logProbabilitiesAfterTheSamplersAreFound() throws EngineFailed {
    var server =
        new Server() {
          @Override
          double lnProb() {
            return 0;
          }
        };
    assertThat(find(server, "logprobs").detail()).contains("those after the samplers");
  }

  @Test
  void aServerThatContinuesOtherwiseIsFound() throws EngineFailed {
    var calls = new AtomicInteger();
    var forgets =
        new Server() {
          @Override
          int next(int[] ids) {
            return ids.length < 68 ? ids.length : calls.incrementAndGet();
          }
        };
    assertThat(find(forgets, "continuation"))
        .isEqualTo(new Finding("continuation", false, "two pieces differ from one at token 4"));
  }

  @Test
  void aServerThatKeepsNothingIsFound() throws EngineFailed {
    var server =
        new Server() {
          @Override
          int cached() {
            return 0;
          }
        };
    assertThat(find(server, "cache").detail()).contains("switching will not pay");
  }

  @Test
  void aServerThatDoesNotAnswerIsNoFinding() {
    var server =
        new Server() {
          @Override
          public Stint open(StintRequest request, Deadline deadline) throws EngineFailed {
            throw new EngineFailed(EngineFailed.Fault.UNREACHABLE, "cannot be reached");
          }
        };
    assertThatThrownBy(() -> ServerCheck.of(server, deadline())).hasMessage("cannot be reached");
  }

  @Test
  void equalIdsAreToldFromOthers() throws EngineFailed {
    var other =
        new Server() {
          @Override
          int id(int character) {
            return character > 10_000 ? 7 : super.id(character);
          }
        };
    assertThat(PairCheck.of(new Server(), new Server(), deadline()).ok()).isTrue();
    assertThat(PairCheck.of(new Server(), other, deadline()).detail())
        .startsWith("the ids of a text differ at token ");
  }
}
