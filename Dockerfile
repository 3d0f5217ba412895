# Pin both to a digest for a build that can be repeated: --build-arg RUN_BASE=eclipse-temurin:25-jre@sha256:...
# The digest of a tag: skopeo inspect --format '{{.Digest}}' docker://docker.io/library/eclipse-temurin:25-jre
ARG BUILD_BASE=maven:3.9-eclipse-temurin-25
ARG RUN_BASE=eclipse-temurin:25-jre

FROM ${BUILD_BASE} AS build
WORKDIR /src
COPY LICENSE pom.xml ./
COPY openapi ./openapi
COPY src ./src
RUN mvn -q -B -ntp -DskipTests -Dmaven.test.skip=true -Dskip.format=true package \
 && java -Djarmode=tools -jar target/tokentropy-*.jar extract --layers --destination /layers \
 && mv /layers/application/tokentropy-*.jar /layers/application/tokentropy.jar

FROM ${RUN_BASE}
LABEL org.opencontainers.image.title=tokentropy \
      org.opencontainers.image.description="Entropy, truncation and uncertainty of token distributions, over HTTP" \
      org.opencontainers.image.licenses=Apache-2.0
WORKDIR /app
# Natives unpack into /tmp, which may be all that can be written.
ENV SERVER_ADDRESS=0.0.0.0 MANAGEMENT_SERVER_PORT=8081
COPY --from=build /layers/dependencies/ ./
COPY --from=build /layers/application/ ./
COPY src/bin/jvm.flags src/build/train-aot ./
# The classes that real requests load, archived by the very JVM that will use them.
RUN chmod a+r jvm.flags && bash ./train-aot && rm train-aot
# Or any other uid, with group 0 as OpenShift has it: everything here is read by all, and nothing but /tmp is written.
USER 10001:10001
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
ENTRYPOINT ["java", "@jvm.flags", "-XX:AOTCache=tokentropy.aot", "-jar", "tokentropy.jar"]
