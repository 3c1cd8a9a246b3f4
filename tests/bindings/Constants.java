import evodb.lakehouse.LakehouseConstants;

/** Prints the constants that SWIG found in the header: NAME VALUE. */
final class Constants {
  public static void main(String[] arguments) throws IllegalAccessException {
    for (var constant : LakehouseConstants.class.getFields()) {
      System.out.println(constant.getName() + " " + constant.get(null));
    }
  }
}
