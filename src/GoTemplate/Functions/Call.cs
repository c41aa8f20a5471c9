using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions;

/// <summary>The arguments of one call, already of the types the signature names, and what the function may use beside them.</summary>
internal readonly struct Call(FunctionContext context, GoValue[] arguments)
{
    public FunctionContext Context => context;

    public ExecutionBudget Budget => context.Budget;

    public int Count => arguments.Length;

    public GoValue this[int index] => arguments[index];

    public ReadOnlySpan<GoValue> From(int index) => arguments.AsSpan(index);

    public GoValue[] All => arguments;

    public GoString Text(int index) => (GoString)arguments[index];

    public long Int(int index) => ((GoInt)arguments[index]).Value;

    public double Float(int index) => ((GoFloat)arguments[index]).Value;

    public bool Bool(int index) => arguments[index].IsTrue;

    public GoList List(int index) => (GoList)arguments[index];

    public GoMap Map(int index) => (GoMap)arguments[index];
}
