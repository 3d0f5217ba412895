package io.tokentropy;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class TokentropyApplication {
  public static void main(String[] args) {
    SpringApplication.run(TokentropyApplication.class, args);
  }
}
