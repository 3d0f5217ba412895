package io.tokentropy.web.upstream;

import io.tokentropy.upstream.ModelServers;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The model servers, for all who may ask them. */
@Configuration(proxyBeanMethods = false)
class UpstreamBeans {
  @Bean
  ModelServers modelServers(UpstreamSettings settings) {
    return new ModelServers(settings.configs());
  }
}
