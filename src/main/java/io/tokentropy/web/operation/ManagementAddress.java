package io.tokentropy.web.operation;

import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * A management port of its own listens where the service does, unless something else is said;
 * Spring's default is every address.
 */
public class ManagementAddress implements EnvironmentPostProcessor {
  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    String port = environment.getProperty("management.server.port");
    String address = environment.getProperty("server.address");
    boolean own =
        port != null
            && (port.equals("0") || !port.equals(environment.getProperty("server.port", "8080")));
    if (own && address != null) {
      environment
          .getPropertySources()
          .addLast(
              new MapPropertySource(
                  "management-address", Map.of("management.server.address", address)));
    }
  }
}
