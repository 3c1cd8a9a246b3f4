package evodb.lakehouse;

/** A call of the library that failed; its message begins with the status's name. */
public class LakehouseException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** One of LakehouseConstants. */
  public final int status;

  LakehouseException(int status, String name, byte[] message) {
    super(name + ": " + Utf8.string(message));
    this.status = status;
  }
}
