package io.tokentropy;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the service. */
@SpringBootApplication
public class TokentropyApplication {
  public static void main(String[] args) {
    SpringApplication.run(TokentropyApplication.class, args);
  }
}
