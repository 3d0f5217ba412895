# Pin both to a digest for a build that can be repeated: --build-arg RUN_BASE=eclipse-temurin:25-jre@sha256:...
ARG BUILD_BASE=maven:3.9-eclipse-temurin-25
ARG RUN_BASE=eclipse-temurin:25-jre

FROM ${BUILD_BASE} AS build
WORKDIR /src
COPY pom.xml ./
COPY openapi ./openapi
COPY src ./src
RUN mvn -q -B -ntp -DskipTests -Dmaven.test.skip=true -Dskip.format=true package \
 && java -Djarmode=tools -jar target/tokentropy-*.jar extract --layers --destination /layers \
 && mv /layers/application/tokentropy-*.jar /layers/application/tokentropy.jar

FROM ${RUN_BASE}
WORKDIR /app
COPY --from=build /layers/dependencies/ ./
COPY --from=build /layers/application/ ./
COPY src/bin/jvm.flags src/build/train-aot ./
# The classes that real requests load, archived by the very JVM that will use them.
RUN bash ./train-aot && rm train-aot
USER 10001:10001
# Natives unpack into /tmp, which may be all that can be written.
ENV SERVER_ADDRESS=0.0.0.0 DJL_CACHE_DIR=/tmp/djl JAVA_TOOL_OPTIONS=
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["java", "@jvm.flags", "-XX:AOTCache=tokentropy.aot", "-jar", "tokentropy.jar"]
