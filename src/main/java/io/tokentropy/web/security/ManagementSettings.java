package io.tokentropy.web.security;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the management port listens; the settings are Spring's.
 *
 * @param port unset for none of its own
 * @param address unset for every address
 */
@ConfigurationProperties("management.server")
record ManagementSettings(@Nullable Integer port, @Nullable InetAddress address) {}
