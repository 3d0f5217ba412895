package io.tokentropy.upstream;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** The model servers of the configuration, by name, in its order. */
public final class ModelServers implements AutoCloseable {
  private final SequencedMap<String, ModelServer> servers = new LinkedHashMap<>();

  public ModelServers(Collection<ServerConfig> configs) {
    configs.forEach(config -> servers.put(config.name(), new ModelServer(config)));
  }

  public Optional<ModelServer> find(String name) {
    return Optional.ofNullable(servers.get(name));
  }

  public List<ModelServer> all() {
    return List.copyOf(servers.values());
  }

  @Override
  public void close() {
    servers.values().forEach(ModelServer::close);
  }
}
