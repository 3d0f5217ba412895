package io.tokentropy.web.page;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springdoc.core.properties.SwaggerUiConfigProperties;
import org.springdoc.core.properties.SwaggerUiOAuthProperties;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springdoc.webmvc.ui.SwaggerIndexPageTransformer;
import org.springdoc.webmvc.ui.SwaggerWelcomeCommon;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.resource.ResourceTransformerChain;
import org.springframework.web.servlet.resource.TransformedResource;

/** Swagger UI in a page of our own, with our title and icon. */
@Component
class DocsPage extends SwaggerIndexPageTransformer {
  private final byte[] page;

  DocsPage(
      SwaggerUiConfigProperties config,
      SwaggerUiOAuthProperties oauth,
      SwaggerWelcomeCommon welcome,
      ObjectMapperProvider mappers)
      throws IOException {
    super(config, oauth, welcome, mappers);
    page = new ClassPathResource("pages/docs.html").getContentAsByteArray();
  }

  @Override
  public Resource transform(
      HttpServletRequest request, Resource resource, ResourceTransformerChain chain)
      throws IOException {
    return "index.html".equals(resource.getFilename())
        ? new TransformedResource(resource, page)
        : super.transform(request, resource, chain);
  }
}
