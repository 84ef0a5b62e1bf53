//! Functions of one operand, as `activate.wgsl` numbers them.

use nearshelf_engine::Unary;

/// Number, alpha and beta of a function; 0 for none.
pub(super) fn numbered(unary: Option<Unary>) -> (u32, [u32; 2]) {
    let Some(unary) = unary else {
        return (0, [0; 2]);
    };
    let mut parameters = [0.0; 2];
    let number = match unary {
        Unary::Abs => 1,
        Unary::Neg => 2,
        Unary::Sign => 3,
        Unary::Not => 4,
        Unary::Floor => 5,
        Unary::Ceil => 6,
        Unary::Round => 7,
        Unary::Sqrt => 8,
        Unary::Reciprocal => 9,
        Unary::Exp => 10,
        Unary::Log => 11,
        Unary::Sin => 12,
        Unary::Cos => 13,
        Unary::Tanh => 14,
        Unary::Sigmoid => 15,
        Unary::Erf => 16,
        Unary::Gelu => 17,
        Unary::Silu => 18,
        Unary::Softplus => 19,
        Unary::Softsign => 20,
        Unary::HardSwish => 21,
        Unary::Relu => 22,
        Unary::LeakyRelu { alpha } => {
            parameters[0] = alpha;
            23
        }
        Unary::Elu { alpha } => {
            parameters[0] = alpha;
            24
        }
        Unary::HardSigmoid { alpha, beta } => {
            parameters = [alpha, beta];
            25
        }
        Unary::Clip { min, max } => {
            parameters = [min, max];
            26
        }
        Unary::Acos => 27,
        Unary::Acosh => 28,
        Unary::Asin => 29,
        Unary::Asinh => 30,
        Unary::Atan => 31,
        Unary::Atanh => 32,
        Unary::Cosh => 33,
        Unary::Sinh => 34,
    };
    (number, parameters.map(f32::to_bits))
}
