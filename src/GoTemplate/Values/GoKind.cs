namespace GitOpsSecrets.GoTemplate.Values;

/// <summary>Go's kinds (package reflect), as far as a template can meet them.</summary>
public enum GoKind
{
    Invalid,
    Bool,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Float32,
    Float64,
    Complex128,
    Interface,
    Map,
    Pointer,
    Slice,
    String,
    Struct,
}
