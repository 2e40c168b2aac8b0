namespace ActorIpam.Conformance.Cases;

/// <summary>A file, section, case or field that this runner does not understand: never skipped, since what is not understood is not tested.</summary>
/// <param name="path">Where it is, such as <c>ALLOC-002 step 1.expect</c>.</param>
/// <param name="message">What is wrong with it.</param>
internal sealed class CaseFormatException(string path, string message) : Exception(path.Length == 0 ? message : $"{path}: {message}");
