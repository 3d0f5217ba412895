package io.tokentropy.web.page;

import org.springdoc.core.configuration.SpringDocConfiguration;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Swagger UI at {@code /docs}, over the contract. springdoc leaves it out together with its own
 * reading of the code, which only a test switches on; these three beans are all that the UI wants
 * of the rest.
 *
 * @see <a href="https://springdoc.org/#how-can-i-disable-springdoc-openapi-endpoints">springdoc's
 *     questions and answers</a>
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "springdoc.api-docs.enabled", havingValue = "false")
class SwaggerUi {
  @Bean
  SpringDocConfiguration springDocConfiguration() {
    return new SpringDocConfiguration();
  }

  @Bean
  SpringDocConfigProperties springDocConfigProperties() {
    return new SpringDocConfigProperties();
  }

  @Bean
  ObjectMapperProvider objectMapperProvider(SpringDocConfigProperties properties) {
    return new ObjectMapperProvider(properties);
  }
}
