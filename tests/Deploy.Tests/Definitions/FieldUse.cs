using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace GitOpsSecrets.Deploy.Tests.Definitions;

/// <summary>
/// Which properties of the records of src/Api the compiled code reads, and which it sets. What a compiler wrote for serialisation, equality and
/// printing does not count: that would be every property.
/// </summary>
internal sealed class FieldUse
{
    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    private readonly HashSet<string> accessors = new(StringComparer.Ordinal);
    private readonly HashSet<string> texts = new(StringComparer.Ordinal);

    public static FieldUse In(params ReadOnlySpan<Assembly> assemblies)
    {
        var use = new FieldUse();
        foreach (var assembly in assemblies) use.Add(assembly.Location);
        return use;
    }

    public bool Reads(PropertyInfo property) => accessors.Contains($"{property.DeclaringType!.FullName}.get_{property.Name}");

    public bool Sets(PropertyInfo property) => accessors.Contains($"{property.DeclaringType!.FullName}.set_{property.Name}");

    /// <summary>Whether the code has this text: what it compares a value with.</summary>
    public bool Knows(string text) => texts.Contains(text);

    private void Add(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0 || IsMade(metadata, method)) continue;
            foreach (var token in Tokens(file.GetMethodBody(method.RelativeVirtualAddress).GetILReader()))
            {
                if (token.Kind == HandleKind.UserString) texts.Add(metadata.GetUserString((UserStringHandle)token));
                else if (AccessorOf(metadata, (EntityHandle)token) is { } accessor) accessors.Add(accessor);
            }
        }
    }

    /// <summary>By the compiler, or by the generator of JSON readers.</summary>
    private static bool IsMade(MetadataReader metadata, MethodDefinition method)
    {
        if (Marked(metadata, method.GetCustomAttributes())) return true;
        var type = metadata.GetTypeDefinition(method.GetDeclaringType());
        while (!type.GetDeclaringType().IsNil) type = metadata.GetTypeDefinition(type.GetDeclaringType());
        return type.BaseType.Kind == HandleKind.TypeReference
            && metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)type.BaseType).Name) == "JsonSerializerContext";
    }

    private static bool Marked(MetadataReader metadata, CustomAttributeHandleCollection attributes) => attributes.Any(handle =>
        metadata.GetCustomAttribute(handle).Constructor is { Kind: HandleKind.MemberReference } constructor
        && NameOf(metadata, metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent) == "System.Runtime.CompilerServices.CompilerGeneratedAttribute");

    /// <summary>Of the methods that are called, and of texts.</summary>
    private static List<Handle> Tokens(BlobReader body)
    {
        var tokens = new List<Handle>();
        while (body.RemainingBytes > 0)
        {
            short value = body.ReadByte();
            if (value == 0xFE) value = unchecked((short)(0xFE00 | body.ReadByte()));
            var code = OpCodesByValue[value];
            switch (code.OperandType)
            {
                case OperandType.InlineMethod:
                    tokens.Add(MetadataTokens.EntityHandle(body.ReadInt32()));
                    break;
                case OperandType.InlineString:
                    tokens.Add(MetadataTokens.Handle(body.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    var targets = body.ReadInt32();
                    body.Offset += 4 * targets;
                    break;
                default:
                    body.Offset += SizeOf(code.OperandType);
                    break;
            }
        }
        return tokens;
    }

    private static int SizeOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private static string? AccessorOf(MetadataReader metadata, EntityHandle token) => token.Kind switch
    {
        HandleKind.MemberReference => Accessor(metadata, metadata.GetMemberReference((MemberReferenceHandle)token)),
        HandleKind.MethodDefinition => Accessor(metadata, metadata.GetMethodDefinition((MethodDefinitionHandle)token)),
        _ => null,
    };

    private static string? Accessor(MetadataReader metadata, MemberReference member) => Accessor(NameOf(metadata, member.Parent), metadata.GetString(member.Name));

    private static string? Accessor(MetadataReader metadata, MethodDefinition method) => Accessor(NameOf(metadata, method.GetDeclaringType()), metadata.GetString(method.Name));

    private static string? Accessor(string? type, string name) =>
        type is not null && (name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal)) ? $"{type}.{name}" : null;

    /// <summary>As <see cref="Type.FullName"/> has it; null for what is no plain type.</summary>
    private static string? NameOf(MetadataReader metadata, EntityHandle type)
    {
        if (type.Kind == HandleKind.TypeReference)
        {
            var reference = metadata.GetTypeReference((TypeReferenceHandle)type);
            var name = metadata.GetString(reference.Name);
            return reference.ResolutionScope.Kind == HandleKind.TypeReference
                ? $"{NameOf(metadata, reference.ResolutionScope)}+{name}"
                : $"{metadata.GetString(reference.Namespace)}.{name}";
        }
        if (type.Kind != HandleKind.TypeDefinition) return null;
        var definition = metadata.GetTypeDefinition((TypeDefinitionHandle)type);
        var own = metadata.GetString(definition.Name);
        return definition.GetDeclaringType() is { IsNil: false } outer ? $"{NameOf(metadata, outer)}+{own}" : $"{metadata.GetString(definition.Namespace)}.{own}";
    }
}
