package io.landshift.ingest.scenes;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * The metadata of a SAFE product as a tree, read without trust: no document type, so no entities,
 * nothing fetched, a limited size. Not thread-safe.
 */
final class SafeXml {
  private final String name;
  private final Element root;

  private SafeXml(String name, Element root) {
    this.name = name;
    this.root = root;
  }

  /**
   * @param name of the document, for messages
   * @throws LandshiftException METADATA_INVALID where it is not XML or has a document type
   */
  static SafeXml parse(byte[] bytes, String name) {
    try {
      DocumentBuilder builder = factory().newDocumentBuilder();
      builder.setErrorHandler(THROW);
      Document document = builder.parse(new ByteArrayInputStream(bytes));
      return new SafeXml(name, document.getDocumentElement());
    } catch (SAXException | IOException e) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          name + " is not usable XML: " + e.getMessage() + ". Get the product again.",
          e);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("this Java cannot read XML safely", e);
    }
  }

  private static DocumentBuilderFactory factory() throws ParserConfigurationException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
    factory.setNamespaceAware(true);
    factory.setXIncludeAware(false);
    factory.setExpandEntityReferences(false);
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return factory;
  }

  /** Every element of a name, wherever it is; prefixes do not count. */
  List<Element> all(String tag) {
    return within(root, tag);
  }

  static List<Element> within(Element parent, String tag) {
    NodeList found = parent.getElementsByTagNameNS("*", tag);
    List<Element> elements = new ArrayList<>(found.getLength());
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }

  /** The text of the first element of one of the names, or null. */
  @Nullable String text(String... tags) {
    for (String tag : tags) {
      for (Element element : all(tag)) {
        String text = element.getTextContent().strip();
        if (!text.isEmpty()) {
          return text;
        }
      }
    }
    return null;
  }

  /**
   * The text of an element that must be there.
   *
   * @throws LandshiftException METADATA_INVALID where it is not
   */
  String required(String... tags) {
    String text = text(tags);
    if (text == null) {
      throw invalid("states no " + tags[0]);
    }
    return text;
  }

  /** The number in an element that must be there. */
  double requiredNumber(String... tags) {
    String text = required(tags);
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw invalid("states " + tags[0] + " \"" + text + "\", which is not a number");
    }
  }

  LandshiftException invalid(String what) {
    return new LandshiftException(FailureReason.METADATA_INVALID, name + " " + what + ".");
  }

  private static final ErrorHandler THROW =
      new ErrorHandler() {
        @Override
        public void warning(SAXParseException e) {
          // A warning does not keep the document from being understood.
        }

        @Override
        public void error(SAXParseException e) throws SAXException {
          throw e;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
          throw e;
        }
      };
}
