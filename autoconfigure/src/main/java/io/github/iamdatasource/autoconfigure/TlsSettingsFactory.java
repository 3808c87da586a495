/*
 * Copyright 2026-present the iam-datasource authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.github.iamdatasource.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import javax.net.ssl.KeyManager;

import io.github.iamdatasource.endpoint.InvalidSettingException;
import io.github.iamdatasource.endpoint.PropertyNames;
import io.github.iamdatasource.jdbc.KeyStoreCertificates;
import io.github.iamdatasource.jdbc.PemCertificates;
import io.github.iamdatasource.jdbc.TlsSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.io.ApplicationResourceLoader;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.StringUtils;

/**
 * Makes {@link TlsSettings} of the properties, or says which of them prevents it.
 */
class TlsSettingsFactory {

	private static final Log logger = LogFactory.getLog(TlsSettingsFactory.class);

	private static final String BUNDLE = "bundle";

	private static final String CA_CERTIFICATES = "ca-certificates";

	private final Prefixed<IamDataSourceSettings.Tls> prefixed;

	private final IamDataSourceSettings.Tls properties;

	private final ResourceLoader resourceLoader;

	private final @Nullable SslBundles bundles;

	TlsSettingsFactory(Prefixed<IamDataSourceSettings.Tls> properties, ResourceLoader resourceLoader,
			@Nullable SslBundles bundles) {
		this.prefixed = properties;
		this.properties = properties.value();
		this.resourceLoader = resourceLoader;
		this.bundles = bundles;
	}

	TlsSettings create() {
		String bundle = this.properties.getBundle();
		String location = this.properties.getCaCertificates();
		if (!StringUtils.hasText(bundle)) {
			return new TlsSettings(this.properties.getMode(),
					StringUtils.hasText(location) ? certificates(location) : List.of());
		}
		if (StringUtils.hasText(location)) {
			throw new InvalidIamDataSourceException(this.prefixed.property(BUNDLE), bundle,
					"Certificate authorities are named by " + this.prefixed.property(CA_CERTIFICATES) + " as well.",
					"Keep one of the two.");
		}
		return settings(bundle, bundles(bundle).getBundle(bundle));
	}

	/**
	 * Be told of new settings when the SSL bundle is reloaded.
	 * @param consumer takes the settings. If they cannot be used the old ones stay
	 */
	void onUpdate(Consumer<TlsSettings> consumer) {
		String name = this.properties.getBundle();
		if (StringUtils.hasText(name)) {
			bundles(name).addBundleUpdateHandler(name, (bundle) -> {
				try {
					consumer.accept(settings(name, bundle));
					logger.info("New connections are verified with the reloaded SSL bundle '" + name + "'");
				}
				catch (RuntimeException ex) {
					logger.error("The SSL bundle '" + name + "' was reloaded but cannot be used, so connections are "
							+ "verified with what it had before", ex);
				}
			});
		}
	}

	private SslBundles bundles(String name) {
		if (this.bundles == null || !this.bundles.getBundleNames().contains(name)) {
			throw new InvalidIamDataSourceException(this.prefixed.property(BUNDLE), name,
					"There is no SSL bundle of this name.",
					"Define it by spring.ssl.bundle.pem." + name + ".truststore.certificate (or spring.ssl.bundle.jks."
							+ name + ".truststore.location)"
							+ ((this.bundles == null || this.bundles.getBundleNames().isEmpty()) ? "."
									: ", or name one of those that there are: "
											+ String.join(", ", this.bundles.getBundleNames()) + "."));
		}
		return this.bundles;
	}

	private TlsSettings settings(String name, SslBundle bundle) {
		try {
			KeyStore trustStore = bundle.getStores().getTrustStore();
			List<X509Certificate> trusted = (trustStore != null) ? KeyStoreCertificates.trusted(trustStore) : List.of();
			if (trustStore != null && trusted.isEmpty()) {
				throw new InvalidIamDataSourceException(this.prefixed.property(BUNDLE), name,
						"Its trust store holds no certificates.",
						"Put the certificate authorities to trust into it, or leave it out to trust those of the JDK "
								+ "and of Amazon RDS.");
			}
			List<KeyManager> keyManagers = (bundle.getStores().getKeyStore() != null)
					? Arrays.asList(bundle.getManagers().getKeyManagers()) : List.of();
			return new TlsSettings(this.properties.getMode(), trusted, keyManagers,
					list(bundle.getOptions().getEnabledProtocols()), list(bundle.getOptions().getCiphers()));
		}
		catch (InvalidSettingException ex) {
			throw new InvalidIamDataSourceException(this.prefixed.property(BUNDLE), name, ex, PropertyNames.PRIMARY);
		}
		catch (NoSuchSslBundleException | IllegalStateException | IllegalArgumentException
				| GeneralSecurityException ex) {
			throw new InvalidIamDataSourceException(this.prefixed.property(BUNDLE), name,
					new InvalidSettingException(
							"The SSL bundle cannot be used (" + ex.getClass().getSimpleName() + ").",
							"Check spring.ssl.bundle.*: the location of its files, their type and their passwords.",
							ex),
					PropertyNames.PRIMARY);
		}
	}

	private static List<String> list(String @Nullable [] values) {
		return (values != null) ? List.of(values) : List.of();
	}

	private List<X509Certificate> certificates(String location) {
		// A plain path is a file, as with Spring Boot's SSL bundles.
		ResourceLoader loader = ApplicationResourceLoader.get(this.resourceLoader, true);
		try (InputStream content = loader.getResource(location).getInputStream()) {
			return PemCertificates.read(content, location);
		}
		catch (IOException ex) {
			throw new InvalidIamDataSourceException(this.prefixed.property(CA_CERTIFICATES), location,
					PemCertificates.unreadable(location, ex), PropertyNames.PRIMARY);
		}
		catch (InvalidSettingException ex) {
			throw new InvalidIamDataSourceException(this.prefixed.property(CA_CERTIFICATES), location, ex,
					PropertyNames.PRIMARY);
		}
	}

}
