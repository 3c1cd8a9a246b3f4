package evodb.lakehouse;

/** A call of the library that failed; its message begins with the status's name and ends with the subject. */
public class LakehouseException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** One of LakehouseConstants. */
  public final int status;
  /** The object, file, column or key that it concerns; empty if there is none. */
  public final String subject;

  LakehouseException(int status, String name, byte[] message, byte[] subject) {
    super(name + ": " + Utf8.string(message) + (subject.length == 0 ? "" : " (" + Utf8.string(subject) + ")"));
    this.status = status;
    this.subject = Utf8.string(subject);
  }
}
