package io.tokentropy.web.call;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How bodies are read; how large they may be is said by {@link Limits}.
 *
 * @param compressedBodies whether gzip bodies are read
 */
@ConfigurationProperties("tokentropy")
record BodySettings(@DefaultValue("false") boolean compressedBodies) {}
